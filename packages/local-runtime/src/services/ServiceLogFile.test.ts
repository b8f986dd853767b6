import { appendFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServiceLogFile } from './ServiceLogFile';

const folder = mkdtempSync(join(tmpdir(), 'runtime-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('numbers lines in a row, over restarts and half a line of a killed runtime', async () => {
  const path = join(folder, 'log.jsonl');
  const log = await ServiceLogFile.open(path);
  log.write('stdout', Buffer.from('one\ntw'));
  log.write('stderr', Buffer.from('oops\n'));
  log.write('stdout', Buffer.from('o\nrest'));
  log.finish();
  log.note('It ended.');
  const { items, cursor } = await log.read({ limit: 100 });
  expect(
    items.map(({ number, source, text }) => [number, source, text]),
  ).toEqual([
    [1, 'stdout', 'one'],
    [2, 'stderr', 'oops'],
    [3, 'stdout', 'two'],
    [4, 'stdout', 'rest'],
    [5, 'runtime', 'It ended.'],
  ]);
  expect(cursor).toBe(5);
  appendFileSync(path, '{"number":6,"time":"20');
  const again = await ServiceLogFile.open(path);
  again.note('Again.');
  expect(await again.read({ after: 4, limit: 100 })).toMatchObject({
    items: [{ number: 5 }, { number: 6, text: 'Again.' }],
    cursor: 6,
  });
  expect(await again.read({ after: 6, limit: 100 })).toEqual({
    items: [],
    cursor: 6,
  });
  expect((await again.read({ limit: 1 })).items).toMatchObject([{ number: 6 }]);
  expect((await again.read({ after: 0, limit: 2 })).items).toMatchObject([
    { number: 1 },
    { number: 2 },
  ]);
});

it('stays small, however much and however fast a service prints', async () => {
  const path = join(folder, 'loud.jsonl');
  const log = await ServiceLogFile.open(path);
  for (let index = 0; index < 2_000; index += 1) {
    log.write('stdout', Buffer.from(`${'x'.repeat(20_000)}\n`));
  }
  log.finish();
  const { items } = await log.read({ limit: 1_000 });
  expect(items.at(-1)?.text).toMatch(/lines were left out/);
  expect(items[0].text.length).toBeLessThan(8_300);
  const size = (file: string) =>
    statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  expect(size(path) + size(`${path}.1`)).toBeLessThan(4 * 1024 * 1024);
});
