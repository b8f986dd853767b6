import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArtefactStore } from './ArtefactStore';

const folder = mkdtempSync(join(tmpdir(), 'runtime-artefacts-'));
const store = new ArtefactStore(join(folder, 'kept'), join(folder, 'work'));
mkdirSync(join(folder, 'kept'));
mkdirSync(join(folder, 'work'));
afterAll(() => rmSync(folder, { recursive: true }));

function source(name: string, order: string[]): string {
  const path = join(folder, name);
  const files: Record<string, string> = {
    'package.json': '{}',
    '@odd/name.txt': 'x',
    'dist/main.js': 'main',
    'node_modules/used/index.js': 'used',
    'node_modules/tool/index.js': 'tool',
    'node_modules/.package-lock.json': 'lock',
    'node_modules/.cache/x': 'cache',
    '.npmrc': 'secret',
  };
  for (const file of order.length > 0 ? order : Object.keys(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), files[file]);
    utimesSync(join(path, file), new Date(), new Date(Math.random() * 1e12));
  }
  mkdirSync(join(path, 'node_modules/.bin'));
  symlinkSync('../used/index.js', join(path, 'node_modules/.bin/used'));
  symlinkSync('../tool/index.js', join(path, 'node_modules/.bin/tool'));
  return path;
}
const leaveOut = new Set(['node_modules/tool']);

it('gives the same files the same digest, without what is for development only', async () => {
  const one = source('one', []);
  const names = ['package.json', '@odd/name.txt', 'dist/main.js'];
  const two = source('two', [
    ...[...names].reverse(),
    'node_modules/used/index.js',
    'node_modules/tool/index.js',
  ]);
  const first = await store.add(one, leaveOut);
  expect(await store.add(two, leaveOut)).toEqual(first);
  const target = join(folder, 'unpacked/deep');
  await store.unpack(first.digest, target);
  expect(readdirSync(target, { recursive: true }).map(String).sort()).toEqual(
    [
      '@odd',
      'dist',
      'node_modules',
      'node_modules/.bin',
      'node_modules/.bin/used',
      'node_modules/used',
      'node_modules/used/index.js',
      ...names,
    ].sort(),
  );
  expect(readFileSync(join(target, 'dist/main.js'), 'utf8')).toBe('main');
});

it('refuses an archive whose bytes changed, and one that it does not have', async () => {
  const path = source('three', []);
  writeFileSync(join(path, 'dist/main.js'), 'other');
  const { digest } = await store.add(path, leaveOut);
  appendFileSync(join(folder, 'kept', `${digest.slice(7)}.tar`), 'x');
  const target = join(folder, 'never');
  await expect(store.unpack(digest, target)).rejects.toThrow(/other bytes/);
  await store.keepOnly(new Set());
  await expect(store.unpack(digest, target)).rejects.toThrow(/no artefact/);
  expect(existsSync(target)).toBe(false);
});

it('refuses a link that leads out of the folder', async () => {
  const path = source('four', []);
  symlinkSync('../../../../etc/passwd', join(path, 'dist/passwd'));
  await expect(store.add(path, leaveOut)).rejects.toThrow(
    'The link dist/passwd leads out of the folder',
  );
});
