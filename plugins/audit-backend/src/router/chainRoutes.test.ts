import {
  formatVerifierKey,
  openCheckpoint,
  verifyConsistency,
  verifyInclusion,
} from '@portico/plugin-audit-common/chain';
import { AuditPortal } from '../__testUtils__/AuditPortal';
import { ORIGIN } from '../__testUtils__/AuditEngine';

jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const ana = 'user:default/ana';

describe('chains, checkpoints and proofs', () => {
  let portal: AuditPortal;

  beforeAll(async () => {
    portal = await AuditPortal.start();
  });
  afterAll(() => portal?.stop());

  it('show an empty chain as it is', async () => {
    expect((await portal.get(kim, '/chains')).body).toEqual({
      items: [
        {
          chain: 'aurora',
          size: 0,
          oldest: 1,
          waiting: 0,
          anchors: [{ destination: 'vault', type: 'file', size: 0 }],
          retentionDays: 90,
        },
      ],
      keys: [formatVerifierKey(portal.key.verifier)],
      introductions: [],
      origin: ORIGIN,
    });
    const { status } = await portal.get(kim, '/checkpoints/aurora/latest');
    expect(status).toBe(404);
  });

  it('prove entries and growth up to any size', async () => {
    const add = async (count: number) => {
      await portal.engine.append(
        ...Array.from({ length: count }, () => portal.record()),
      );
      await portal.engine.relayAll();
      await portal.checkpoint();
    };
    await add(3);
    await add(297);
    await add(230);

    const { body } = await portal.get(kim, '/checkpoints?chain=aurora&limit=2');
    expect(body.items).toHaveLength(2);
    const rest = await portal.get(
      kim,
      `/checkpoints?chain=aurora&limit=2&cursor=${body.nextCursor}`,
    );
    expect(rest.body.nextCursor).toBeUndefined();
    const checkpoints = [...body.items, ...rest.body.items].map(
      ({ note }: { note: string }) =>
        openCheckpoint(note, [portal.key.verifier]).checkpoint,
    );
    expect(checkpoints.map(({ size }) => size)).toEqual([530, 300, 3]);
    const latest = await portal.get(kim, '/checkpoints/aurora/latest');
    expect(latest.body).toEqual(body.items[0]);

    for (const from of checkpoints) {
      for (const to of checkpoints.filter(({ size }) => size >= from.size)) {
        const proof = await portal.get(
          kim,
          `/chains/aurora/proofs/consistency?from=${from.size}&to=${to.size}`,
        );
        expect(
          verifyConsistency({ from, to, proof: toBytes(proof.body.hashes) }),
        ).toBe(true);
      }
    }
    for (const sequence of [1, 256, 257, 300, 512, 513, 530]) {
      const entry = await portal.get(kim, `/entries/aurora/${sequence}`);
      const leaf = Buffer.from(entry.body.hash.slice(7), 'hex');
      for (const { size, root } of checkpoints) {
        const proof = await portal.get(
          kim,
          `/chains/aurora/proofs/inclusion?sequence=${sequence}&size=${size}`,
        );
        expect(
          proof.status === 400 ||
            verifyInclusion({
              index: sequence - 1,
              size,
              leaf,
              path: toBytes(proof.body.hashes),
              root,
            }),
        ).toBe(true);
        expect(proof.status).toBe(sequence > size ? 400 : 200);
      }
    }
    const tooLarge = await portal.get(
      kim,
      '/chains/aurora/proofs/inclusion?sequence=1&size=531',
    );
    expect(tooLarge.status).toBe(400);
    expect(tooLarge.body.error.message).toBe(
      'The chain "aurora" has 530 entries, not 531',
    );
  });

  it('tell what waits, and what became of checkpoints', async () => {
    await portal.engine.append(portal.record(), portal.record());
    await portal.engine.asSuperuser(
      `insert into portico_audit.deliveries
         (chain, destination, type, size, outcome, failure, at)
       values ('aurora', 'vault', 'file', 3, 'failed', 'old trouble', '2026-01-01'),
              ('aurora', 'vault', 'file', 3, 'delivered', null, '2026-01-02'),
              ('aurora', 'vault', 'file', 300, 'failed', 'no space', '2026-01-03'),
              ('aurora', 'vault', 'file', 300, 'failed', 'still no space', '2026-01-04'),
              ('borealis', 'vault', 'file', 1, 'delivered', null, '2026-01-05')`,
    );
    const { body } = await portal.get(kim, '/chains');
    expect(body.items).toMatchObject([
      {
        chain: 'aurora',
        size: 530,
        waiting: 2,
        checkpoint: { size: 530 },
        anchors: [
          {
            size: 3,
            deliveredAt: '2026-01-02T00:00:00.000Z',
            failingSince: '2026-01-03T00:00:00.000Z',
            failure: 'still no space',
          },
        ],
      },
    ]);
    const ofAuditor = await portal.get(ana, '/chains');
    expect(
      ofAuditor.body.items.map(({ chain }: { chain: string }) => chain),
    ).toEqual(['default', 'aurora']);
  });
});

function toBytes(hashes: string[]): Buffer[] {
  return hashes.map(hash => Buffer.from(hash, 'base64'));
}
