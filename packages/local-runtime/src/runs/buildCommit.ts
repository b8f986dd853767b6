import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  PORTICO_FILE,
  type Run,
  type RunReason,
  type RunStepName,
} from '@portico/plugin-local-runtime-common';
import { type BareRepository } from '../git/BareRepository';
import { parsePorticoFile, type PorticoFile } from '../git/porticoFile';
import { cleanEnvironment } from '../process/cleanEnvironment';
import { type ProcessWatch } from '../process/ProcessWatch';
import { type Reaper } from '../process/Reaper';
import { type LimitName, runLimited } from '../process/runLimited';
import { type RunLimits } from '../readConfiguration';
import { type Artefact, type ArtefactStore } from './ArtefactStore';
import { type ModuleCache } from './ModuleCache';
import {
  developmentPackages,
  type LockFile,
  type PackageFile,
  parseLockFile,
  parsePackageFile,
} from './packageFiles';
import { registrySettings } from './registrySettings';
import { RunFailure } from './RunFailure';

/** What a build works with. */
export interface BuildTools {
  reaper: Reaper;
  watch: ProcessWatch;
  artefacts: ArtefactStore;
  modules: ModuleCache;
  npmCache: string;
  limits: RunLimits;
}

export interface BuildOptions {
  run: Run;
  repository: BareRepository;
  /** An empty place of its own, removed afterwards. */
  folder: string;
  signal: AbortSignal;
  log: (chunk: Buffer | string) => void;
  /** Told before each step. */
  onStep: (step: RunStepName) => Promise<void>;
  /** Told as soon as the component is known; refuses it by throwing. */
  onComponent: (component: string) => Promise<void>;
}

/** What a build made. */
export interface BuildResult {
  porticoFile: PorticoFile;
  version: string;
  artefact: Artefact;
}

/** A build that was broken off because the runtime ends; it begins anew later. */
export class BuildAborted extends Error {}

const MAX_JSON_BYTES = 16 * 1024 * 1024;

/**
 * Does a run: a clean checkout, `npm ci` without scripts of packages, `npm test`,
 * `npm run build`, and an archive of what is needed to run it.
 *
 * @throws RunFailure with the reason
 */
export async function buildCommit(
  tools: BuildTools,
  options: BuildOptions,
): Promise<BuildResult> {
  const { run, repository, folder, log } = options;
  const source = join(folder, 'source');
  const home = join(folder, 'home');
  const temporary = join(folder, 'tmp');
  await mkdir(home, { recursive: true });
  await mkdir(temporary);
  const environment = cleanEnvironment({
    home,
    temporary,
    variables: {
      CI: 'true',
      NO_COLOR: '1',
      npm_config_update_notifier: 'false',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
    },
  });
  let outputBytes = 0;

  const execute = async (
    step: RunStepName,
    args: string[],
    milliseconds: number,
    code: RunReason['code'],
    more: Record<string, string> = {},
  ) => {
    log(`$ npm ${args.join(' ')}\n`);
    const started = performance.now();
    const result = await runLimited(tools, {
      command: 'npm',
      args,
      cwd: source,
      environment: { ...environment, ...more },
      limits: {
        milliseconds,
        memoryBytes: tools.limits.memoryBytes,
        outputBytes: tools.limits.outputBytes - outputBytes,
        diskBytes: tools.limits.diskBytes,
      },
      diskFolder: folder,
      onOutput: chunk => {
        outputBytes += chunk.length;
        log(chunk);
      },
      signal: options.signal,
    });
    log(`— ${step}: ${seconds(performance.now() - started)} s\n`);
    const command = `npm ${args[0] === 'run' ? `run ${args[1]}` : args[0]}`;
    switch (result.outcome) {
      case 'succeeded':
        return;
      case 'aborted':
        throw new BuildAborted();
      case 'limit':
        throw new RunFailure({
          code: `${result.limit}Limit`,
          step,
          message: limitMessage(
            result.limit,
            command,
            milliseconds,
            tools.limits,
          ),
        });
      case 'failed':
        throw new RunFailure({
          code,
          step,
          message: `"${command}" ${result.how}; the log says why.`,
        });
      default:
        throw new Error(`unknown result ${result satisfies never}`);
    }
  };

  await options.onStep('checkout');
  log(`Commit ${run.commit.id} of ${run.tenant}/${run.repository}\n`);
  await repository.checkOut(run.commit.id, source, join(folder, 'index'));
  const porticoFile = await refuseAs(
    'invalidPorticoFile',
    'checkout',
    async () => {
      const text = await readPlainFile(source, PORTICO_FILE);
      const parsed = text === undefined ? undefined : parsePorticoFile(text);
      if (!parsed) {
        throw new Error(`${PORTICO_FILE} describes no service.`);
      }
      return parsed;
    },
  );
  await options.onComponent(porticoFile.name);
  const { packageFile, lock } = await refuseAs(
    'missingFile',
    'checkout',
    async () => readPackageFiles(source),
  );

  await options.onStep('install');
  await rm(join(source, 'node_modules'), { recursive: true, force: true });
  await install();

  await options.onStep('test');
  await execute('test', ['test'], tools.limits.testMilliseconds, 'testsFailed');

  await options.onStep('build');
  await execute(
    'build',
    ['run', 'build', '--if-present'],
    tools.limits.buildMilliseconds,
    'buildFailed',
  );

  await options.onStep('package');
  const artefact = await refuseAs('artefactRefused', 'package', () =>
    tools.artefacts.add(source, developmentPackages(lock)),
  );
  log(`Artefact ${artefact.digest}, ${artefact.bytes} bytes\n`);
  return {
    porticoFile,
    version: `${packageFile.version ?? '0.0.0'}+${run.commit.id.slice(0, 7)}`,
    artefact,
  };

  async function install(): Promise<void> {
    const target = join(source, 'node_modules');
    if (Object.keys(lock.packages).every(path => path === '')) {
      log('There are no packages to install.\n');
      return;
    }
    const canKeep =
      tools.modules.canKeep(lock) &&
      // settings of the repository could change what is installed
      (await readPlainFile(source, '.npmrc')) === undefined;
    if (
      canKeep &&
      (await tools.modules.restore(run.tenant, packageFile, lock, target))
    ) {
      log('The packages are those of an earlier run with the same lockfile.\n');
      return;
    }
    await execute(
      'install',
      ['ci', '--ignore-scripts', '--prefer-offline', '--loglevel=warn'],
      tools.limits.installMilliseconds,
      'installFailed',
      { ...(await registrySettings()), npm_config_cache: tools.npmCache },
    );
    if (canKeep) {
      await tools.modules.keep(run.tenant, packageFile, lock, target);
    }
  }
}

async function readPackageFiles(
  source: string,
): Promise<{ packageFile: PackageFile; lock: LockFile }> {
  const packageText = await readPlainFile(source, 'package.json');
  const lockText = await readPlainFile(source, 'package-lock.json');
  if (packageText === undefined || lockText === undefined) {
    throw new Error(
      `The repository has no ${
        packageText === undefined ? 'package.json' : 'package-lock.json'
      } at its root; add it, so that "npm ci" can install what it needs.`,
    );
  }
  const packageFile = parsePackageFile(packageText);
  for (const script of ['test', 'start']) {
    if (!packageFile.scripts[script]) {
      throw new Error(
        `package.json has no script "${script}"; add it, the platform runs "npm test" and "npm start".`,
      );
    }
  }
  return { packageFile, lock: parseLockFile(lockText) };
}

/** A file at the root, never through a link. */
async function readPlainFile(
  folder: string,
  name: string,
): Promise<string | undefined> {
  const path = join(folder, name);
  const status = await lstat(path).catch(() => undefined);
  if (!status?.isFile()) {
    return undefined;
  }
  if (status.size > MAX_JSON_BYTES) {
    throw new Error(`${name} is larger than ${MAX_JSON_BYTES} bytes.`);
  }
  return readFile(path, 'utf8');
}

async function refuseAs<T>(
  code: RunReason['code'],
  step: RunStepName,
  task: () => Promise<T>,
): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw new RunFailure({
      code,
      step,
      message: error instanceof Error ? error.message : String(error),
    });
  }
}

function limitMessage(
  limit: LimitName,
  command: string,
  milliseconds: number,
  limits: RunLimits,
): string {
  const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`;
  switch (limit) {
    case 'time':
      return `"${command}" did not end within ${seconds(
        milliseconds,
      )} s and was ended; look in the log for what it waited for.`;
    case 'memory':
      return `"${command}" used more than ${mebibytes(
        limits.memoryBytes,
      )} of memory and was ended.`;
    case 'output':
      return `"${command}" printed more than the ${mebibytes(
        limits.outputBytes,
      )} that a run may print, and was ended.`;
    case 'disk':
      return `"${command}" wrote more than the ${mebibytes(
        limits.diskBytes,
      )} that a run may keep, and was ended.`;
    default:
      throw new Error(`unknown limit ${limit satisfies never}`);
  }
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds / 100) / 10;
}
