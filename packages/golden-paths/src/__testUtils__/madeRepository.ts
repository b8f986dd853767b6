import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  type Entity,
  entityEnvelopeSchemaValidator,
  resourceEntityV1alpha1Validator,
  systemEntityV1alpha1Validator,
} from '@backstage/catalog-model';
import { parse, parseAllDocuments } from 'yaml';

const run = promisify(execFile);

const validators = {
  API: apiEntityV1alpha1Validator,
  Component: componentEntityV1alpha1Validator,
  Domain: domainEntityV1alpha1Validator,
  Resource: resourceEntityV1alpha1Validator,
  System: systemEntityV1alpha1Validator,
};

export async function readYaml(...steps: string[]) {
  return parse(await readFile(path.join(...steps), 'utf8'));
}

/** The entities of a repository's catalog file, without what `$text` leads to. */
export async function readEntities(folder: string): Promise<Entity[]> {
  const text = await readFile(path.join(folder, 'catalog-info.yaml'), 'utf8');
  return parseAllDocuments(text).map(document => {
    expect(document.errors).toEqual([]);
    return document.toJS();
  });
}

/** Checks entities with stock's validators, each API with the text that it names. */
export async function expectValidEntities(folder: string): Promise<void> {
  const checkEnvelope = entityEnvelopeSchemaValidator();
  for (const entity of await readEntities(folder)) {
    checkEnvelope(entity);
    const definition = entity.spec?.definition;
    const text =
      typeof definition === 'object' && definition !== null
        ? String(Object(definition).$text)
        : undefined;
    const complete = text
      ? {
          ...entity,
          spec: {
            ...entity.spec,
            definition: await readFile(path.join(folder, text), 'utf8'),
          },
        }
      : entity;
    const validator = Object.entries(validators).find(
      ([kind]) => kind === entity.kind,
    )?.[1];
    expect(`${entity.kind}: ${await validator?.check(complete)}`).toBe(
      `${entity.kind}: true`,
    );
  }
}

/** All files below a folder, as paths relative to it. */
export async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter(entry => entry.isFile())
    .map(entry =>
      path.relative(folder, path.join(entry.parentPath, entry.name)),
    )
    .sort();
}

/**
 * Runs npm in a folder, in an environment of its own.
 *
 * @throws Error with everything that it printed
 */
export async function npm(folder: string, ...words: string[]): Promise<string> {
  try {
    const { stdout } = await run('npm', words, {
      cwd: folder,
      timeout: 180_000,
      // What is around the code must not matter to it.
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`npm ${words.join(' ')} failed:\n${stdout}\n${stderr}`);
  }
}

/** Starts a program on a free port, asks it, and checks that it ends when told to. */
export async function withProgram(
  folder: string,
  file: string,
  use: (address: string) => Promise<void>,
): Promise<void> {
  const port = await freePort();
  const program = spawn(process.execPath, [file], {
    cwd: folder,
    env: { PORT: String(port), HOST: '127.0.0.1', DRAIN_SECONDS: '0' },
  });
  try {
    await logLine(program, 'The service listens.');
    await use(`http://127.0.0.1:${port}`);
    const ended = once(program, 'exit');
    program.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  } finally {
    program.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function logLine(program: ChildProcess, message: string): Promise<void> {
  if (!program.stdout) {
    throw new Error('The program has no output.');
  }
  for await (const line of createInterface({ input: program.stdout })) {
    if (JSON.parse(line).message === message) {
      return;
    }
  }
  throw new Error(`The program ended without "${message}".`);
}
