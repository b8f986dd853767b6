import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { readDemoProgress } from './readDemoProgress';

describe('readDemoProgress', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-demo-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const read = (demoProgressFile?: string) =>
    readDemoProgress(
      new ConfigReader({
        tenancy: demoProgressFile ? { demoProgressFile } : {},
      }),
    );

  it('tells what the maker of the demo wrote', async () => {
    const file = join(folder, 'demo.json');
    const progress = { done: 13, total: 36, state: 'making' };
    await writeFile(file, JSON.stringify(progress));
    await expect(read(file)).resolves.toEqual(progress);
  });

  it.each(['', '{', '{"done":-1,"total":2,"state":"making"}', 'null'])(
    'knows nothing from %j',
    async text => {
      const file = join(folder, 'broken.json');
      await writeFile(file, text);
      await expect(read(file)).resolves.toBeUndefined();
    },
  );

  it('knows nothing without a file, or a key', async () => {
    await expect(read(join(folder, 'missing.json'))).resolves.toBeUndefined();
    await expect(read()).resolves.toBeUndefined();
  });
});
