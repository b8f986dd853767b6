import { existsSync } from 'node:fs';
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { type BedFolder } from '../BedFolder';
import { type BedProgram, findOnPath } from './BedProgram';
import { goModuleFile, goModuleSchema } from './goModuleFile';
import { runTool } from './runTool';

const downloadSchema = z.object({ Dir: z.string(), GoMod: z.string() });
/** Where Go puts itself when no package manager did. */
const USUAL_GO = '/usr/local/go/bin/go';

/**
 * Builds a program into the bed's folder; it is there whole or not at all.
 *
 * @throws NotFoundError when there is nothing to build it with
 */
export async function buildProgram(
  folder: BedFolder,
  program: BedProgram,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder.programs, { recursive: true });
  const cwd = join(folder.sources, program.name);
  await rm(cwd, { recursive: true, force: true });
  await mkdir(cwd, { recursive: true });
  const go = (...args: string[]) => runGo(args, cwd, signal);
  const { Dir, GoMod } = downloadSchema.parse(
    JSON.parse(
      await go(
        'mod',
        'download',
        '-json',
        `${program.module}@${program.version}`,
      ),
    ),
  );
  const module = goModuleSchema.parse(
    JSON.parse(await go('mod', 'edit', '-json', GoMod)),
  );
  await writeFile(join(cwd, 'go.mod'), goModuleFile(program, module));
  const made = join(folder.programs, `.${program.name}.new-${process.pid}`);
  const stamps = Object.entries(program.stamps ?? {}).map(
    ([name, value]) => `-X ${name}=${value}`,
  );
  try {
    await go(
      'build',
      '-trimpath',
      `-ldflags=${['-s', '-w', ...stamps].join(' ')}`,
      // A desktop stays usable meanwhile.
      `-p=${Math.max(1, Math.floor(availableParallelism() / 2))}`,
      '-o',
      made,
      program.package,
    );
    if (program.keepsSources) {
      await link(Dir, folder.share(program.name));
    }
    await rename(made, join(folder.programs, program.name));
  } finally {
    await rm(made, { force: true });
  }
}

function runGo(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const go = findOnPath('go') ?? (existsSync(USUAL_GO) ? USUAL_GO : undefined);
  if (!go) {
    throw new NotFoundError(
      'There is no Go to build the systems of the test bed with: install Go 1.26 or newer, or put their programs on the PATH',
    );
  }
  return runTool({
    command: 'nice',
    args: ['-n', '19', go, ...args],
    cwd,
    environment: {
      ...process.env,
      CGO_ENABLED: '0',
      GOFLAGS: '-mod=mod',
      GOTOOLCHAIN: 'local',
    },
    signal,
  });
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
}
