import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const GIT_LIMIT_MILLISECONDS = 60_000;
/** The same files give the same commit, in whichever portal. */
const COMMIT_TIME = '2026-01-01T00:00:00Z';

/** Commits files onto a branch of a repository of the portal, with Git itself. */
export async function pushFiles(options: {
  portalUrl: string;
  token: string;
  tenant: string;
  repository: string;
  /** Branch to make or to move on; `main` is what is cloned. */
  branch: string;
  message: string;
  author: string;
  files: Record<string, string>;
}): Promise<string> {
  const { portalUrl, token, tenant, repository, branch } = options;
  const folder = await mkdtemp(join(tmpdir(), 'portico-isolation-push-'));
  const git = (...args: string[]) =>
    run('git', args, {
      encoding: 'utf8',
      cwd: folder,
      timeout: GIT_LIMIT_MILLISECONDS,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        GIT_CONFIG_NOSYSTEM: '1',
        GIT_TERMINAL_PROMPT: '0',
        GIT_AUTHOR_NAME: options.author,
        GIT_AUTHOR_EMAIL: `${options.author}@canary.example`,
        GIT_COMMITTER_NAME: options.author,
        GIT_COMMITTER_EMAIL: `${options.author}@canary.example`,
        GIT_AUTHOR_DATE: COMMIT_TIME,
        GIT_COMMITTER_DATE: COMMIT_TIME,
        // Not in the command line, which every process of the machine can read.
        GIT_CONFIG_COUNT: '1',
        GIT_CONFIG_KEY_0: 'http.extraHeader',
        GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(
          `git:${token}`,
        ).toString('base64')}`,
      },
    });
  try {
    const address = `${portalUrl}/api/git-host/${tenant}/${repository}.git`;
    await git('clone', '--quiet', address, '.');
    await git('checkout', '--quiet', '-B', branch);
    for (const [path, content] of Object.entries(options.files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
    await git('add', '--all');
    await git('commit', '--quiet', '--message', options.message);
    await git('push', 'origin', branch);
    return (await git('rev-parse', 'HEAD')).stdout.trim();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
