import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BedFolder } from '../BedFolder';
import { BedProcesses } from './BedProcesses';
import { startOf } from './startOf';

jest.setTimeout(60_000);

describe('BedProcesses', () => {
  let root: string;
  let processes: BedProcesses;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'portico-bed-'));
    processes = new BedProcesses(new BedFolder(root));
  });
  afterEach(async () => {
    await processes.stopAll();
    await rm(root, { recursive: true, force: true });
  });

  function start(name: string, script: string, layer = 0) {
    return processes.start({
      name,
      command: process.execPath,
      args: ['-e', script],
      cwd: root,
      layer,
    });
  }

  it('finds what another one started, and stops it, what needs others first', async () => {
    const wait = (name: string) =>
      `process.on('SIGTERM', () => { require('fs').appendFileSync('ends', '${name} '); process.exit(); });
       require('fs').writeFileSync('${name}', ''); setInterval(() => {}, 1000);`;
    const began = [
      await start('database', wait('database'), 0),
      await start('server', wait('server'), 1),
    ];
    const others = new BedProcesses(new BedFolder(root));
    expect((await others.list()).map(({ name }) => name).sort()).toEqual([
      'database',
      'server',
    ]);
    await Promise.all(
      began.map(({ name }) => eventually(() => readFile(join(root, name)))),
    );
    await others.stopAll();
    expect(await readFile(join(root, 'ends'), 'utf8')).toBe('server database ');
    expect(await others.list()).toEqual([]);
  });

  it('never stops a process that only has the same id', async () => {
    const record = await start('server', 'setInterval(() => {}, 1000)');
    await processes.stopAll();
    const stranger = spawn(process.execPath, [
      '-e',
      'setInterval(() => {}, 1000)',
    ]);
    await once(stranger, 'spawn');
    try {
      const again = await start('another', 'setInterval(() => {}, 1000)');
      const pid = stranger.pid ?? 0;
      await writeFile(
        join(root, 'run', 'pid', 'server.json'),
        JSON.stringify({ ...record, pid }),
      );
      expect(await processes.list()).toEqual([again]);
      await processes.stopAll();
      expect(await startOf(pid)).toBeDefined();
    } finally {
      stranger.kill('SIGKILL');
      await once(stranger, 'exit');
    }
  });

  it('says what the last words of one were that ended', async () => {
    const record = await start(
      'server',
      `console.error('no such flag'); process.exit(2)`,
    ).catch(error => error);
    const error: unknown =
      record instanceof Error
        ? record
        : await eventually(async () => {
            const ended = await processes
              .assertRunning(record)
              .catch(thrown => thrown);
            if (ended === undefined) {
              throw new Error('It still runs');
            }
            return ended;
          });
    expect(String(error)).toContain('no such flag');
  });
});

/** Asks until it is so; the test's own time limit ends it. */
async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch {
      await new Promise(resolve => setImmediate(resolve));
    }
  }
}
