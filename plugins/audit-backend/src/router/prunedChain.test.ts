import { Readable } from 'stream';
import { mockServices } from '@backstage/backend-test-utils';
import { type AuditFilter, type AuditPage } from '@portico/plugin-audit-common';
import {
  type Checkpoint,
  openCheckpoint,
  verifyBundle,
  verifyConsistency,
  verifyInclusion,
} from '@portico/plugin-audit-common/chain';
import { AuditPortal } from '../__testUtils__/AuditPortal';
import { ORIGIN } from '../__testUtils__/AuditEngine';
import { EntryExport, type ExportFormat } from '../export/EntryExport';
import { ChainQuery } from '../query/ChainQuery';
import { RetentionWorker } from '../retention/RetentionWorker';

jest.setTimeout(120_000);

const kim = 'user:aurora/kim';
const gone = 'user:aurora/gone';
const { signal } = new AbortController();

describe('a chain whose front was pruned', () => {
  let portal: AuditPortal;

  beforeAll(async () => {
    portal = await AuditPortal.start();
  });
  afterAll(() => portal?.stop());

  /** Entries on things that carry their number. */
  const append = async (
    options: { chain: string; first: number; last: number; daysAgo: number },
    actor = kim,
  ) => {
    const { chain, first, last, daysAgo } = options;
    await portal.engine.relayAll();
    await portal.engine.append(
      ...Array.from({ length: last - first + 1 }, (_, index) =>
        portal.record({
          chain,
          context: { actor: { kind: 'person', ref: actor } },
          subject: { kind: 'thing', ref: `thing-${first + index}` },
        }),
      ),
    );
    await portal.engine.asSuperuser(
      `update portico_audit.outbox set occurred_at = occurred_at - $1 * interval '1 day'`,
      [daysAgo],
    );
    await portal.engine.relayAll();
  };

  /** Signs every chain, and the signatures reach a place outside. */
  const anchor = async () => {
    await portal.checkpoint();
    await portal.engine.asSuperuser(
      `insert into portico_audit.deliveries (chain, destination, type, size, outcome, at)
       select chain, 'vault', 'file', size, 'delivered', now() from portico_audit.checkpoints`,
    );
  };

  const prune = async (chain: string) => {
    const pruned = await new RetentionWorker({
      database: portal.engine.database,
      retention: { tenants: { [chain]: { days: 40 } } },
      now: () => new Date(),
      logger: mockServices.logger.mock(),
    }).prune(signal);
    await portal.engine.relayAll();
    return pruned;
  };

  const checkpointsOf = async (chain: string): Promise<Checkpoint[]> => {
    const { body } = await portal.get(kim, `/checkpoints?chain=${chain}`);
    return body.items.map(
      ({ note }: { note: string }) =>
        openCheckpoint(note, [portal.key.verifier]).checkpoint,
    );
  };

  describe('is read over HTTP', () => {
    const KEPT = Array.from({ length: 662 - 512 }, (_, index) => 662 - index);
    let checkpoints: Checkpoint[];

    const verify = (text: string) =>
      verifyBundle(Readable.from([text]), { keys: [portal.key.verifier] });

    beforeAll(async () => {
      const chain = 'aurora';
      await append({ chain, first: 1, last: 1, daysAgo: 60 }, gone);
      await append({ chain, first: 2, last: 300, daysAgo: 60 });
      await anchor();
      await append({ chain, first: 301, last: 620, daysAgo: 50 });
      await anchor();
      await prune(chain);
      // entry 621 tells of the pruning
      await append({ chain, first: 622, last: 661, daysAgo: 0 });
      await anchor();
      await append({ chain, first: 662, last: 662, daysAgo: 0 });
      checkpoints = await checkpointsOf(chain);
    });

    it('and says where it begins', async () => {
      expect(checkpoints.map(({ size }) => size)).toEqual([661, 620, 300]);
      const { body } = await portal.get(kim, '/chains');
      expect(body.items).toMatchObject([
        { chain: 'aurora', size: 662, oldest: 513, anchors: [{ size: 661 }] },
      ]);
    });

    it('and is paged over down to its oldest entry', async () => {
      const sequences: number[] = [];
      let cursor: string | undefined;
      do {
        const { status, body } = await portal.get(
          kim,
          `/entries?chain=aurora&limit=60${cursor ? `&cursor=${cursor}` : ''}`,
        );
        expect(status).toBe(200);
        const page: AuditPage = body;
        sequences.push(...page.items.map(({ entry }) => entry.sequence));
        cursor = page.nextCursor;
      } while (cursor);
      expect(sequences).toEqual(KEPT);
      expect(await portal.find(kim, { subject: 'thing-512' })).toEqual([]);
      expect(await portal.find(kim, { text: 'thing-513' })).toEqual([
        'aurora:513',
      ]);
      expect(await portal.find(kim, { act: 'audit.chain.prune' })).toEqual([
        'aurora:621',
      ]);
    });

    it('and says of a pruned entry that it may have been pruned', async () => {
      for (const sequence of [1, 512]) {
        const { status, body } = await portal.get(
          kim,
          `/entries/aurora/${sequence}`,
        );
        expect(status).toBe(404);
        expect(body.error.message).toBe(
          `The chain "aurora" has no entry ${sequence}: it was pruned, or does not exist`,
        );
      }
      const { status } = await portal.get(kim, '/entries/aurora/513');
      expect(status).toBe(200);
    });

    it('and is exported with what stands for the pruned entries', async () => {
      const { text } = await portal.get(kim, '/export?chain=aurora');
      expect(text).not.toContain(gone);
      const [header = ''] = text.split('\n');
      const { base, size } = JSON.parse(header);
      expect(size).toBe(662);
      expect(base).toMatchObject({ sequence: 512 });
      expect(base.nodes).toHaveLength(2);
      expect(await verify(text)).toMatchObject({
        ok: true,
        chains: [
          {
            kind: 'complete',
            pruned: 512,
            entries: 150,
            size: 662,
            confirmed: 661,
            checkpoints: 3,
            disclosures: 1,
          },
        ],
      });

      const edited = (from: string, to: string) => {
        expect(text.split(from)).toHaveLength(2);
        return verify(text.replace(from, to));
      };
      for (const sequence of [513, 600, 661]) {
        expect(await edited(`"thing-${sequence}"`, '"thing-0"')).toMatchObject({
          ok: false,
          problem: { kind: 'edited', chain: 'aurora', sequence },
        });
      }
      for (const node of base.nodes) {
        expect(
          await edited(node, Buffer.alloc(32, 1).toString('base64')),
        ).toMatchObject({
          ok: false,
          problem: { kind: 'base', chain: 'aurora', sequence: 512 },
        });
      }
      expect(
        await edited(
          `"head":"${base.head}","nodes"`,
          `"head":"sha256:${'0'.repeat(64)}","nodes"`,
        ),
      ).toMatchObject({
        ok: false,
        problem: { kind: 'base', chain: 'aurora', sequence: 513 },
      });
    });

    it('and a selection of it is proven', async () => {
      const { text } = await portal.get(
        kim,
        '/export?chain=aurora&act=test.thing.change',
      );
      expect(await verify(text)).toMatchObject({
        ok: true,
        chains: [{ kind: 'selection', entries: 149, confirmed: 148 }],
      });
      expect(
        await verify(text.replace('"thing-600"', '"thing-0"')),
      ).toMatchObject({ ok: false, problem: { kind: 'proof', sequence: 600 } });
    });

    it('and proves entries and growth across the pruning', async () => {
      const [after, before, within] = checkpoints;
      for (const to of [before, after]) {
        const { status, body } = await portal.get(
          kim,
          `/chains/aurora/proofs/consistency?from=${before.size}&to=${to.size}`,
        );
        expect(status).toBe(200);
        const proof = toBytes(body.hashes);
        expect(verifyConsistency({ from: before, to, proof })).toBe(true);
      }
      for (const sequence of [513, 600, 620, 621, 661]) {
        const { body: view } = await portal.get(
          kim,
          `/entries/aurora/${sequence}`,
        );
        for (const { size, root } of checkpoints.filter(
          checkpoint => checkpoint.size >= sequence,
        )) {
          const { body } = await portal.get(
            kim,
            `/chains/aurora/proofs/inclusion?sequence=${sequence}&size=${size}`,
          );
          expect(
            verifyInclusion({
              index: sequence - 1,
              size,
              leaf: Buffer.from(view.hash.slice('sha256:'.length), 'hex'),
              path: toBytes(body.hashes),
              root,
            }),
          ).toBe(true);
        }
      }
      // of a pruned block there is nothing but its root
      for (const question of [
        `consistency?from=${within.size}&to=${after.size}`,
        `inclusion?sequence=512&size=${after.size}`,
      ]) {
        const { status, body } = await portal.get(
          kim,
          `/chains/aurora/proofs/${question}`,
        );
        expect(status).toBe(404);
        expect(body.error.message).toBe(
          'The chain "aurora" no longer has the entries that the proof needs',
        );
      }
    });
  });

  it('while it is exported breaks the export off', async () => {
    const chain = 'borealis';
    // more than an export reads at once
    await append({ chain, first: 1, last: 1_100, daysAgo: 50 });
    await anchor();
    const { database } = portal.engine;
    const exports = new EntryExport({
      database,
      chains: new ChainQuery({
        database,
        destinations: [],
        retentionDays: () => undefined,
      }),
      origin: ORIGIN,
      now: () => new Date(),
    });
    const cases: Array<{
      format: ExportFormat;
      filter: AuditFilter;
      /** What was read when the chain is pruned. */
      until: string;
    }> = [
      { format: 'jsonl', filter: {}, until: 'bundle' },
      { format: 'jsonl', filter: {}, until: 'thing-1000' },
      // nothing but personal data is left to read
      { format: 'jsonl', filter: {}, until: 'thing-1100' },
      { format: 'jsonl', filter: { act: 'test.*' }, until: 'bundle' },
      { format: 'jsonl', filter: { act: 'test.*' }, until: 'thing-1000' },
      { format: 'jsonl', filter: { act: 'test.*' }, until: 'thing-1100' },
      { format: 'csv', filter: {}, until: 'thing-1000' },
      { format: 'csv', filter: { act: 'test.*' }, until: 'thing-1000' },
    ];
    const begun = await Promise.all(
      cases.map(async ({ until, ...asked }, index) => {
        const userRef = `user:borealis/reader-${index}`;
        const { pieces } = await exports.begin({
          ...asked,
          userRef,
          context: { actor: { kind: 'person', ref: userRef } },
          scope: { kind: 'own', chain },
        });
        let piece = await pieces.next();
        while (!piece.done && !piece.value.includes(until)) {
          piece = await pieces.next();
        }
        expect(piece.done).toBe(false);
        return { pieces, asked };
      }),
    );

    expect(await prune(chain)).toBe(1_024);

    for (const { pieces } of begun) {
      const readOn = async () => {
        for await (const piece of pieces) {
          expect(piece).not.toContain('"type":"end"');
        }
      };
      await expect(readOn()).rejects.toThrow(
        'Entries were pruned while they were exported: export again',
      );
    }
  });
});

function toBytes(hashes: string[]): Buffer[] {
  return hashes.map(hash => Buffer.from(hash, 'base64'));
}
