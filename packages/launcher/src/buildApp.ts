import { existsSync } from 'fs';
import { mkdir, readFile, rm, writeFile } from 'fs/promises';
import { dirname, resolve } from 'path';
import { digestAppInputs } from './appInputs';
import { repositoryRoot } from './paths';
import { runCommand } from './runCommand';

const app = resolve(repositoryRoot, 'packages/app');
const stamp = resolve(repositoryRoot, '.portico/app-build');

/**
 * Builds the app, unless what is built fits the sources.
 *
 * @returns whether it was built
 */
export async function buildApp(options: {
  onLine: (line: string) => void;
  signal?: AbortSignal;
}): Promise<boolean> {
  const digest = await digestAppInputs();
  const built = await readFile(stamp, 'utf8').catch(() => '');
  if (built === digest && existsSync(resolve(app, 'dist/index.html'))) {
    return false;
  }
  // Without the stamp a build that is killed half-way is done again.
  await rm(stamp, { force: true });
  await runCommand({
    purpose: 'build the app',
    command: process.execPath,
    args: [
      resolve(repositoryRoot, 'node_modules/@backstage/cli/bin/backstage-cli'),
      'package',
      'build',
    ],
    cwd: app,
    onLine: options.onLine,
    signal: options.signal,
  });
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, digest);
  return true;
}
