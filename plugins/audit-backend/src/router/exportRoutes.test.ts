import { get } from 'http';
import { Readable } from 'stream';
import {
  type AuditEntry,
  auditEntrySchema,
} from '@portico/plugin-audit-common';
import {
  bundleCheckpointSchema,
  bundleDisclosureSchema,
  bundleHeaderSchema,
  bundleProofSchema,
  commit,
  digestText,
  entryHash,
  formatVerifierKey,
  openCheckpoint,
  verifyBundle,
  verifyInclusion,
} from '@portico/plugin-audit-common/chain';
import { AuditPortal } from '../__testUtils__/AuditPortal';

jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const lena = 'user:borealis/lena';
const pat = 'user:default/pat';
const ana = 'user:default/ana';

/** The lines of a bundle by their type; entries have none. */
function readBundle(text: string) {
  expect(text.endsWith('\n')).toBe(true);
  const lines = text.slice(0, -1).split('\n');
  const parsed = lines.map(line => ({ line, value: JSON.parse(line) }));
  const of = (type?: string) =>
    parsed.filter(({ value }) => value.type === type);
  return {
    header: bundleHeaderSchema.parse(of('bundle')[0]?.value),
    keys: of('key').map(({ value }) => value.key),
    checkpoints: of('checkpoint').map(({ value }) =>
      bundleCheckpointSchema.parse(value),
    ),
    entries: of().map(
      ({ line, value }): { line: string; entry: AuditEntry } => ({
        line,
        entry: auditEntrySchema.parse(value),
      }),
    ),
    proofs: of('proof').map(({ value }) => bundleProofSchema.parse(value)),
    disclosures: of('disclosure').map(({ value }) =>
      bundleDisclosureSchema.parse(value),
    ),
    last: parsed[parsed.length - 1]?.value,
  };
}

/** RFC 4180, as a spreadsheet reads it. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let at = 0;
  while (at < text.length) {
    const [cell = '', quoted, bare, end] =
      /^(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/.exec(text.slice(at)) ?? [];
    expect(end).toBeDefined();
    rows[rows.length - 1]?.push(quoted?.replaceAll('""', '"') ?? bare ?? '');
    at += cell.length;
    if (end === '\r\n' && at < text.length) {
      rows.push([]);
    }
  }
  return rows;
}

describe('exports', () => {
  let portal: AuditPortal;
  const verify = (text: string) =>
    verifyBundle(Readable.from([text]), { keys: [portal.key.verifier] });

  beforeAll(async () => {
    portal = await AuditPortal.start();
    // more than a window of an export, and more than a whole block of the tree
    await portal.engine.append(
      ...Array.from({ length: 1_100 }, (_, index) => ({
        ...portal.record(),
        subject: { kind: 'thing', ref: `thing-${index % 100}` },
      })),
    );
    await portal.write({
      subject: { kind: 'thing', ref: '=1+1' },
      reason: 'he said "hi",\r\nand left',
      context: { actor: { kind: 'person', ref: 'user:aurora/ann' } },
    });
    await portal.checkpoint();
    await portal.write(
      { context: { actor: { kind: 'person', ref: pat } } },
      { subject: { kind: 'thing', ref: 'thing-7' } },
      {
        chain: 'borealis',
        subject: { kind: 'thing', ref: 'borealis-only' },
        context: { actor: { kind: 'person', ref: lena } },
      },
    );
  });
  afterAll(() => portal?.stop());

  it('of a whole chain hold all that proves it', async () => {
    const { status, text, headers } = await portal.get(
      kim,
      '/export?chain=aurora',
    );
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/jsonl; charset=utf-8');
    expect(headers['content-disposition']).toMatch(
      /^attachment; filename="portico-audit-aurora-2[\dTZ-]+\.jsonl"$/,
    );
    const bundle = readBundle(text);
    expect(bundle.header).toMatchObject({
      chain: 'aurora',
      kind: 'complete',
      size: 1_103,
      filter: { chain: 'aurora' },
    });
    expect(bundle.keys).toEqual([formatVerifierKey(portal.key.verifier)]);
    expect(bundle.entries.map(({ entry }) => entry.sequence)).toEqual(
      Array.from({ length: 1_103 }, (_, index) => index + 1),
    );
    let previous = bundle.entries[0]?.entry.previous;
    for (const { line, entry } of bundle.entries) {
      expect(entry.previous).toBe(previous);
      previous = digestText(entryHash(line));
    }
    const [checkpoint] = bundle.checkpoints.map(({ note }) =>
      openCheckpoint(note, [portal.key.verifier]),
    );
    expect(checkpoint?.checkpoint.size).toBe(1_101);
    for (const { commitment, of, salt, value } of bundle.disclosures) {
      expect(
        digestText(commit(Buffer.from(salt, 'base64'), { of, value })),
      ).toBe(commitment);
    }
    expect(bundle.disclosures.map(({ value }) => value).sort()).toEqual([
      'he said "hi",\r\nand left',
      'user:aurora/ann',
      kim,
    ]);
    expect(bundle.last).toEqual({
      type: 'end',
      entries: 1_103,
      disclosures: 3,
    });
    expect(await verify(text)).toMatchObject({
      ok: true,
      chains: [
        {
          chain: 'aurora',
          kind: 'complete',
          entries: 1_103,
          confirmed: 1_101,
          disclosures: 3,
        },
      ],
    });
    const edited = text.replace('thing-42"', 'thing-43"');
    expect(await verify(edited)).toMatchObject({
      ok: false,
      problem: { chain: 'aurora', sequence: 43 },
    });
  });

  it('of a selection prove each entry that a checkpoint covers', async () => {
    const { text } = await portal.get(
      kim,
      '/export?chain=aurora&subject=thing-7',
    );
    const { header, checkpoints, entries, proofs, last } = readBundle(text);
    expect(header).toMatchObject({ kind: 'selection', size: 1_103 });
    expect(await verify(text)).toMatchObject({
      ok: true,
      chains: [{ kind: 'selection', entries: 12, confirmed: 11 }],
    });
    expect(entries).toHaveLength(12);
    expect(last).toMatchObject({ entries: 12 });
    expect(checkpoints).toHaveLength(1);
    const { checkpoint } = openCheckpoint(checkpoints[0]?.note ?? '', [
      portal.key.verifier,
    ]);
    // the last one is not anchored yet
    expect(proofs).toHaveLength(11);
    proofs.forEach((proof, index) => {
      const { line, entry } = entries[index] ?? { line: '', entry: undefined };
      expect(entry?.sequence).toBe(proof.sequence);
      expect(
        verifyInclusion({
          index: proof.sequence - 1,
          size: proof.size,
          leaf: entryHash(line),
          path: proof.hashes.map(hash => Buffer.from(hash, 'base64')),
          root: checkpoint.root,
        }),
      ).toBe(true);
    });
  });

  it('are recorded before they begin', async () => {
    await portal.engine.relayAll();
    const before = await portal.find(kim, { act: 'audit.export.create' });
    await portal.get(kim, '/export?format=csv&actor=user:aurora/ann&text=ann');
    await portal.engine.relayAll();
    const after = await portal.find(kim, { act: 'audit.export.create' });
    expect(after).toHaveLength(before.length + 1);
    const { body } = await portal.get(
      kim,
      `/entries/${after[0]?.replace(':', '/')}`,
    );
    expect(body.entry).toMatchObject({
      subject: { kind: 'chain', ref: 'aurora' },
      details: { format: 'csv' },
    });
    expect(JSON.stringify(body.entry)).not.toContain('ann');
    expect(Object.values(body.disclosed)).toEqual(
      expect.arrayContaining(['user:aurora/ann', 'ann', kim]),
    );
  });

  it('do not begin when they cannot be recorded', async () => {
    await portal.engine.asSuperuser(
      'revoke insert (id, chain, occurred_at, draft) on portico_audit.outbox from portico_tenant',
    );
    const { status, text } = await portal.get(kim, '/export');
    await portal.engine.asSuperuser(
      'grant insert (id, chain, occurred_at, draft) on portico_audit.outbox to portico_tenant',
    );
    expect(status).toBe(500);
    expect(text).not.toContain('thing-1');
  });

  it('as CSV can be opened in a spreadsheet', async () => {
    const { text, headers } = await portal.get(
      kim,
      '/export?format=csv&chain=aurora&from=2000-01-01T00:00:00Z',
    );
    expect(headers['content-type']).toBe(
      'text/csv; charset=utf-8; header=present',
    );
    const [names = [], ...rows] = readCsv(text);
    expect(rows.length).toBeGreaterThanOrEqual(1_103);
    const cellsOf = (sequence: number) =>
      Object.fromEntries(
        names.map((name, index) => [name, rows[sequence - 1]?.[index]]),
      );
    expect(cellsOf(1_101)).toMatchObject({
      sequence: '1101',
      chain: 'aurora',
      actor: 'user:aurora/ann',
      subject: `'=1+1`,
      reason: 'he said "hi",\r\nand left',
      hash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      previous: cellsOf(1_100).hash,
    });
    expect(cellsOf(1_102)).toMatchObject({ actor: '[hidden]' });
    expect(rows.every(row => row.length === names.length)).toBe(true);
  });

  it('keep to what the reader may read', async () => {
    for (const format of ['jsonl', 'csv']) {
      const ofLena = await portal.get(lena, `/export?format=${format}`);
      expect(ofLena.text).toContain('borealis-only');
      expect(ofLena.text).not.toMatch(/aurora[^-]|thing-7/);
      const ofKim = await portal.get(kim, `/export?format=${format}`);
      expect(ofKim.text).not.toMatch(/borealis|user:default/);
      const ofAna = await portal.get(ana, `/export?format=${format}`);
      expect(ofAna.text).toContain('borealis-only');
      expect(ofAna.text).toContain('thing-7');
      expect(ofAna.text).toContain('user:default/pat');
    }
  });

  it('of all chains are their bundles, one behind the other', async () => {
    const { text } = await portal.get(ana, '/export?act=test.*');
    const parts = text
      .split(/(?<=^\{"type":"end".*\n)/m)
      .map(part => readBundle(part));
    expect(parts.map(({ header }) => header.chain)).toEqual([
      'default',
      'aurora',
      'borealis',
    ]);
    expect(parts[2]?.entries).toHaveLength(1);
    expect(await verify(text)).toMatchObject({
      ok: true,
      chains: [
        { chain: 'default' },
        { chain: 'aurora' },
        { chain: 'borealis' },
      ],
    });
  });

  it('end when the reader goes, and free the seat', async () => {
    const authorization = await portal.signIn(kim);
    const goAway = () =>
      new Promise<number | undefined>((resolve, reject) => {
        const asked = get(
          {
            host: 'localhost',
            port: portal.port,
            path: '/api/audit/export?chain=aurora',
            headers: { authorization },
          },
          response => {
            response.once('data', () => response.destroy());
            response.once('close', () => resolve(response.statusCode));
          },
        );
        asked.on('error', reject);
      });
    // both seats
    expect(await Promise.all([goAway(), goAway()])).toEqual([200, 200]);
    // The server hears of a closed connection a moment later.
    await expect(
      portal.until(
        async () => (await portal.get(kim, '/export?format=csv')).status,
        status => status === 200,
      ),
    ).resolves.toBe(200);
  });
});
