import { createHash } from 'node:crypto';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runLimited } from './runLimited';

/** How Python and what builds the pages are got. */
export interface PythonEnvironmentOptions {
  /** Folder for virtual environments; they may be deleted at any time. */
  directory: string;
  /** Pinned packages with their digests. */
  requirementsFile: string;
  /** Environment of the installation: where programs, packages and certificates are. */
  environment: Record<string, string>;
  signal?: AbortSignal;
}

/** A Python with MkDocs, or why there is none. */
export type PythonEnvironment =
  | { python: string; digest: string }
  | { missing: string };

const candidates = [
  'python3',
  'python3.14',
  'python3.13',
  'python3.12',
  'python3.11',
  'python3.10',
  'python3.9',
  'python',
];

const INSTALL_TIMEOUT_MS = 10 * 60_000;
const ASK_TIMEOUT_MS = 20_000;

/** What a Python says of itself. */
interface FoundPython {
  command: string;
  version: string;
  venv: boolean;
  pip: boolean;
}

/**
 * Makes a virtual environment with the pinned packages, or finds the one of an earlier
 * start. It is made beside its place and renamed when complete.
 */
export async function bringPythonEnvironment(
  options: PythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const found = await findPython(options);
  if ('missing' in found) return found;
  const requirements = await readFile(options.requirementsFile);
  const digest = createHash('sha256')
    .update(requirements)
    .update(found.version)
    .digest('hex')
    .slice(0, 16);
  const folder = join(options.directory, digest);
  const ready = { python: pythonOf(folder), digest };
  if (await exists(join(folder, 'complete'))) return ready;
  const temporary = join(options.directory, `installing-${process.pid}`);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(options.directory, { recursive: true });
    const missing = await install(found, temporary, options);
    if (missing !== undefined) return { missing };
    if (!(await exists(join(folder, 'complete')))) {
      // One that is incomplete was left by nobody who could still want it.
      await rm(folder, { recursive: true, force: true });
      await rename(temporary, folder);
    }
    return ready;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function findPython(
  options: PythonEnvironmentOptions,
): Promise<FoundPython | { missing: string }> {
  let old: string | undefined;
  for (const command of candidates) {
    const answer = await run(options, ASK_TIMEOUT_MS, command, [
      '-I',
      '-c',
      [
        'import sys, importlib.util as u',
        "print('.'.join(map(str, sys.version_info[:3])), u.find_spec('venv') is not None and u.find_spec('ensurepip') is not None, u.find_spec('pip') is not None)",
      ].join('\n'),
    ]);
    const [, version, venv, pip] =
      /^(\d+\.\d+\.\d+) (\w+) (\w+)\s*$/.exec(answer?.output ?? '') ?? [];
    if (!version || answer?.code !== 0) continue;
    const [major, minor] = version.split('.').map(Number);
    if (major === 3 && minor >= 9) {
      return { command, version, venv: venv === 'True', pip: pip === 'True' };
    }
    old ??= version;
  }
  return {
    missing: old
      ? `Python ${old} is too old for MkDocs: install Python 3.9 or newer and start the portal again.`
      : 'MkDocs needs Python, and none was found: install Python 3.9 or newer with its module venv, and start the portal again.',
  };
}

/** @returns what is missing, if it cannot be made */
async function install(
  found: FoundPython,
  folder: string,
  options: PythonEnvironmentOptions,
): Promise<string | undefined> {
  // Debian has the module venv without what it brings pip from.
  if (!found.venv && !found.pip) {
    return `Python ${found.version} has neither the modules venv and ensurepip nor pip: install them (on Debian and Ubuntu the package python3-venv) and start the portal again.`;
  }
  const made = await run(options, INSTALL_TIMEOUT_MS, found.command, [
    '-I',
    '-m',
    'venv',
    ...(found.venv ? [] : ['--without-pip']),
    folder,
  ]);
  if (made?.code !== 0) {
    return `Python ${
      found.version
    } could not make a virtual environment: ${lastLine(made?.output)}`;
  }
  const python = pythonOf(folder);
  const [pip, into] = found.venv
    ? [python, []]
    : [found.command, ['--python', python]];
  const installed = await run(options, INSTALL_TIMEOUT_MS, pip, [
    '-m',
    'pip',
    ...into,
    'install',
    // Nothing of a package runs while it is installed.
    '--only-binary=:all:',
    '--require-hashes',
    '--no-input',
    '--disable-pip-version-check',
    '--quiet',
    '--requirement',
    options.requirementsFile,
  ]);
  if (installed?.code !== 0) {
    return `MkDocs could not be installed with pip: ${lastLine(
      installed?.output,
    )} Check the network and start the portal again.`;
  }
  const tried = await run(options, ASK_TIMEOUT_MS * 3, python, [
    '-I',
    '-c',
    "import mkdocs, techdocs_core; open(__import__('sys').argv[1], 'w').close()",
    join(folder, 'complete'),
  ]);
  return tried?.code === 0
    ? undefined
    : `MkDocs was installed but does not run: ${lastLine(tried?.output)}`;
}

async function run(
  options: PythonEnvironmentOptions,
  timeoutMs: number,
  command: string,
  args: string[],
): Promise<{ code: number | undefined; output: string } | undefined> {
  try {
    const { code, tail } = await runLimited({
      command,
      args,
      cwd: '/',
      environment: options.environment,
      timeoutMs,
      maxOutputBytes: 16 * 1024 * 1024,
      signal: options.signal,
    });
    return { code, output: tail };
  } catch (error) {
    options.signal?.throwIfAborted();
    // There is no such program.
    return undefined;
  }
}

function pythonOf(folder: string): string {
  return join(folder, 'bin', 'python');
}

function lastLine(text = ''): string {
  const line = text.trim().split('\n').at(-1)?.slice(0, 300);
  return line ? `${line.replace(/[.\s]*$/, '')}.` : 'it said nothing.';
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
