import { existsSync } from 'node:fs';
import {
  mkdir,
  mkdtemp,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { NotFoundError } from '@backstage/errors';
import { z } from 'zod';
import { type BedFolder } from '../BedFolder';
import {
  type BedProgram,
  type DebianProgram,
  findOnPath,
  type GoProgram,
} from './BedProgram';
import { goModuleFile, goModuleSchema } from './goModuleFile';
import { runTool } from './runTool';

const downloadSchema = z.object({ Dir: z.string(), GoMod: z.string() });
/** Where Go puts itself when no package manager did. */
const USUAL_GO = '/usr/local/go/bin/go';

/**
 * Builds or installs a program into the bed's folder; it is there whole or not at all.
 *
 * @throws NotFoundError when there is nothing to build it with
 */
export async function buildProgram(
  folder: BedFolder,
  program: BedProgram,
  signal?: AbortSignal,
): Promise<void> {
  await mkdir(folder.programs, { recursive: true });
  return program.kind === 'go'
    ? buildWithGo(folder, program, signal)
    : installFromDebian(folder, program, signal);
}

async function buildWithGo(
  folder: BedFolder,
  program: GoProgram,
  signal: AbortSignal | undefined,
): Promise<void> {
  await mkdir(folder.sources, { recursive: true });
  // Of its own, for several may build at once.
  const cwd = await mkdtemp(join(folder.sources, `${program.name}-`));
  const made = join(folder.programs, `.${program.name}.new-${process.pid}`);
  const go = (...args: string[]) => runGo(args, cwd, signal);
  try {
    const { module, version } = program;
    const { Dir, GoMod } = downloadSchema.parse(
      JSON.parse(await go('mod', 'download', '-json', `${module}@${version}`)),
    );
    const described = goModuleSchema.parse(
      JSON.parse(await go('mod', 'edit', '-json', GoMod)),
    );
    await writeFile(join(cwd, 'go.mod'), goModuleFile(program, described));
    const stamps = Object.entries(program.stamps ?? {}).map(
      ([name, value]) => `-X ${name}=${value}`,
    );
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
    await rm(cwd, { recursive: true, force: true });
  }
}

/** Runs Go at low priority, without its own downloads of other versions. */
export function runGo(
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

async function installFromDebian(
  folder: BedFolder,
  program: DebianProgram,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!existsSync(program.file)) {
    if (process.getuid?.() !== 0 || !findOnPath('apt-get')) {
      throw new NotFoundError(
        `There is no ${program.name}: install it (in Debian it is in ${program.package}), and start the bed again`,
      );
    }
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args: string[]) =>
      runTool({ command: 'apt-get', args, environment, signal });
    await apt('update', '--quiet');
    await apt('install', '--yes', '--no-install-recommends', program.package);
  }
  await link(program.file, join(folder.programs, program.name));
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await rm(path, { recursive: true, force: true });
  await symlink(target, path);
}
