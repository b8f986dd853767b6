import { execFile } from 'node:child_process';
import { devNull } from 'node:os';

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** A git command that ended with an error. */
export class GitError extends Error {
  constructor(command: string, detail: string) {
    super(`git ${command} failed: ${detail}`);
    this.name = 'GitError';
  }
}

/**
 * Runs git on a bare repository of the Git host, which it only reads. Neither the
 * machine's nor the user's git configuration counts, and no hook or filter runs.
 */
export function runGit(
  gitDirectory: string,
  args: string[],
  options: { environment?: Record<string, string>; input?: string } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      'git',
      [
        '-c',
        'safe.directory=*',
        '-c',
        'core.hooksPath=/dev/null',
        '-c',
        'core.fsmonitor=false',
        '-c',
        'core.quotePath=false',
        '-c',
        'core.autocrlf=false',
        '-c',
        'protocol.allow=never',
        ...args,
      ],
      {
        cwd: '/',
        encoding: 'buffer',
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_OUTPUT_BYTES,
        env: {
          PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
          LC_ALL: 'C',
          HOME: '/nonexistent',
          GIT_DIR: gitDirectory,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: devNull,
          GIT_ATTR_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_LITERAL_PATHSPECS: '1',
          GIT_NO_REPLACE_OBJECTS: '1',
          GIT_OPTIONAL_LOCKS: '0',
          ...options.environment,
        },
      },
      (error, stdout, stderr) => {
        if (error) {
          const detail = stderr.toString('utf8').trim().slice(0, 500);
          reject(new GitError(args[0], detail || error.message));
        } else {
          resolve(stdout);
        }
      },
    );
    // It may end before it has read everything.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}
