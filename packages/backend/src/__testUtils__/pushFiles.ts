import { execFile } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type ShippedPortal } from './ShippedPortal';

const run = promisify(execFile);

/**
 * Pushes files to the branch main of a repository of the portal, as kim with her token.
 *
 * @returns the commit
 */
export async function pushFiles(
  portal: ShippedPortal,
  options: { token: string; repository: string; files: Record<string, string> },
): Promise<string> {
  const work = await mkdtemp(join(portal.directory, 'work-'));
  const header = Buffer.from(`git:${options.token}`).toString('base64');
  const git = (...args: string[]) =>
    run(
      'git',
      ['-c', `http.extraHeader=Authorization: Basic ${header}`, ...args],
      {
        cwd: work,
        env: {
          PATH: process.env.PATH,
          HOME: portal.directory,
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_TERMINAL_PROMPT: '0',
          GIT_AUTHOR_NAME: 'Kim',
          GIT_AUTHOR_EMAIL: 'kim@aurora.example',
          GIT_COMMITTER_NAME: 'Kim',
          GIT_COMMITTER_EMAIL: 'kim@aurora.example',
        },
      },
    );
  const url = `${portal.url}/api/git-host/${options.repository}.git`;
  await git('clone', '--quiet', url, '.');
  for (const [path, content] of Object.entries(options.files)) {
    await writeFile(join(work, path), content);
  }
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'What the test needs');
  await git('push', '--quiet', 'origin', 'HEAD:main');
  return (await git('rev-parse', 'HEAD')).stdout.trim();
}
