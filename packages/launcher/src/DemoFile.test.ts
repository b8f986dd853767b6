import { mkdtemp, readdir, readFile, rm } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { DemoFile, demoFile } from './DemoFile';

describe('DemoFile', () => {
  let data: string;
  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'portico-demo-file-'));
  });
  afterEach(() => rm(data, { recursive: true, force: true }));

  it('sums up the tenants, says that it stopped, and goes', async () => {
    const file = new DemoFile(data);
    file.count({ tenant: 'aurora', done: 0, total: 18 });
    file.count({ tenant: 'borealis', done: 2, total: 18 });
    file.count({ tenant: 'aurora', done: 5, total: 18 });
    await file.stopped();
    expect(JSON.parse(await readFile(demoFile(data), 'utf8'))).toEqual({
      state: 'stopped',
      done: 7,
      total: 36,
    });
    await file.remove();
    await expect(readdir(data)).resolves.toEqual([]);
  });

  it('does not mind a folder that is gone', async () => {
    const file = new DemoFile(join(data, 'gone'));
    file.count({ tenant: 'aurora', done: 1, total: 2 });
    await expect(file.stopped()).resolves.toBeUndefined();
  });
});
