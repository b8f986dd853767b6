// `npm run demo:reset`, as a real process on folders of its own.
import { execFile } from 'child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { repositoryRoot } from './paths';

// Processes take their time on a busy machine.
jest.setTimeout(60_000);

const bin = resolve(repositoryRoot, 'packages/launcher/bin');

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'portico-reset-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function makeData(): Promise<void> {
  for (const name of ['postgres/base', 'git/aurora', 'evidence', 'toolchain']) {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'file'), 'content');
  }
  await writeFile(join(folder, 'secrets.json'), '{}');
  await writeFile(join(folder, 'notes.txt'), 'of somebody');
}

function reset(
  ...words: string[]
): Promise<{ code: number; output: string; errors: string }> {
  return new Promise(done => {
    const child = execFile(
      process.execPath,
      [join(bin, 'resetDemo.mjs'), '--data', folder, ...words],
      (error, output, errors) =>
        done({ code: error ? Number(error.code) : 0, output, errors }),
    );
    child.stdin?.end();
  });
}

it('removes what a portal keeps, and nothing else', async () => {
  await makeData();
  const { code, output } = await reset('--yes');
  expect(output).toContain('"npm start" makes the demo anew');
  expect(code).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['notes.txt', 'toolchain']);
});

it('removes nothing where nobody can be asked', async () => {
  await makeData();
  const { code, errors } = await reset();
  expect(code).toBe(1);
  expect(errors).toMatch(/removes evidence, git, postgres, secrets\.json in/);
  expect(errors).toContain('--yes');
  expect(await readdir(folder)).toContain('postgres');
  expect(await readdir(folder)).not.toContain('start.lock');
});

it('removes nothing while the portal runs', async () => {
  await makeData();
  // A process whose command is that of a start, as the lock expects of its holder.
  const holder = execFile(process.execPath, [
    '-e',
    'setInterval(() => {}, 1000)',
    'start.mjs',
  ]);
  try {
    await writeFile(
      join(folder, 'start.lock'),
      JSON.stringify({ pid: holder.pid, parts: [] }),
    );
    const { code, errors } = await reset('--yes');
    expect(code).toBe(1);
    expect(errors).toContain('already running');
    expect(await readdir(folder)).toContain('postgres');
  } finally {
    holder.kill();
  }
});

it('leaves a folder alone that is no portal’s', async () => {
  await mkdir(join(folder, 'git'));
  const { code, output } = await reset('--yes');
  expect(code).toBe(0);
  expect(output).toContain('nothing to reset');
  expect(await readdir(folder)).toEqual(['git']);
});
