import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseJournal } from './ReleaseJournal';

const folder = mkdtempSync(join(tmpdir(), 'runtime-journal-'));
const path = join(folder, 'releases.jsonl');
afterAll(() => rmSync(folder, { recursive: true }));

const release = (number: number) => ({
  tenant: 'aurora',
  component: 'checkout',
  repository: 'checkout',
  branch: 'main',
  commit: {
    id: String(number).repeat(40),
    subject: 'A change',
    authorName: 'Kim',
    committedAt: '2026-01-02T03:04:05.000Z',
  },
  version: '1.0.0',
  digest: `sha256:${String(number).repeat(64)}`,
  bytes: 1,
  replicas: { dev: 1 },
  runId: `${String(number).repeat(24)}-1`,
  releasedAt: '2026-01-02T03:04:05.000Z',
});

it('keeps each release once and in order, also over a kill in the middle of a line', async () => {
  const journal = await ReleaseJournal.open(path);
  const added = await Promise.all([
    journal.append(release(1)),
    journal.append(release(2)),
    journal.append(release(1)),
  ]);
  expect(added.map(({ sequence }) => sequence)).toEqual([1, 2, 1]);
  const { journal: name } = journal.after(0, 10);

  appendFileSync(path, JSON.stringify(release(3)).slice(0, 50));
  const again = await ReleaseJournal.open(path);
  expect(again.after(0, 10)).toMatchObject({ journal: name, cursor: 2 });
  await again.append(release(4));
  const last = await ReleaseJournal.open(path);
  expect(last.after(1, 10).items.map(({ sequence }) => sequence)).toEqual([
    2, 3,
  ]);
  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(4);
});

it('wakes whoever waits for the next release', async () => {
  const journal = await ReleaseJournal.open(path);
  const { cursor } = journal.after(0, 100);
  const waiting = journal.waitFor(cursor, new AbortController().signal);
  await journal.append(release(5));
  await waiting;
  expect(journal.after(cursor, 100).items).toHaveLength(1);
  await journal.waitFor(cursor + 1, AbortSignal.timeout(1));
  expect(journal.newestDigests(2)).toEqual(
    new Set([release(5).digest, release(4).digest]),
  );
});
