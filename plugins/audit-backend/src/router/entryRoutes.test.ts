import { type AuditEntryView } from '@portico/plugin-audit-common';
import { defineAuditAct } from '@portico/plugin-audit-node';
import { personal } from '@portico/plugin-audit-common';
import { AuditPortal } from '../__testUtils__/AuditPortal';

jest.setTimeout(60_000);

const kim = 'user:aurora/kim';
const lena = 'user:borealis/lena';
const pat = 'user:default/pat';
const ana = 'user:default/ana';

const push = defineAuditAct({
  name: 'git.branch.push',
  severity: 'high',
  when: 'A branch is pushed.',
  fields: [],
});
const leak = defineAuditAct({
  name: 'git-host.secret.leak',
  severity: 'critical',
  when: 'A secret leaks.',
  fields: [],
});

describe('the routes of entries', () => {
  let portal: AuditPortal;

  beforeAll(async () => {
    portal = await AuditPortal.start();
    await portal.write(
      // aurora
      { reason: 'because of the Übung with checkout' },
      {
        act: push,
        subject: { kind: 'repository', ref: 'component:aurora/check-out' },
        context: {
          actor: { kind: 'person', ref: 'user:aurora/ann' },
          requestId: 'request-1',
          sourceAddress: '10.1.2.3',
        },
        outcome: 'refused',
        correlation: 'run-7',
      },
      {
        act: leak,
        context: { actor: { kind: 'machine', ref: 'user:aurora/bot-ci' } },
        subject: { kind: 'member', ref: 'user:aurora/ann' },
      },
      {
        context: {
          actor: { kind: 'plugin', ref: 'plugin:scaffolder' },
          onBehalfOf: 'user:aurora/ann',
        },
      },
      {
        context: { actor: { kind: 'person', ref: pat } },
        details: { note: personal(pat, 'the pat of platform') },
      },
      // borealis
      { chain: 'borealis', context: { actor: { kind: 'person', ref: lena } } },
      {
        chain: 'borealis',
        context: { actor: { kind: 'person', ref: lena } },
        subject: { kind: 'thing', ref: 'borealis-only' },
      },
      // a name that begins like another
      {
        chain: 'aurora-2',
        context: { actor: { kind: 'person', ref: 'user:aurora-2/otto' } },
      },
    );
  });
  afterAll(() => portal?.stop());

  const aurora = (...sequences: number[]) =>
    sequences.map(sequence => `aurora:${sequence}`);

  it.each<[Record<string, string>, number[]]>([
    [{}, [5, 4, 3, 2, 1]],
    [{ chain: 'aurora' }, [5, 4, 3, 2, 1]],
    [{ actor: 'user:aurora/ann' }, [4, 2]],
    [{ actor: 'user:aurora/bot-ci' }, [3]],
    [{ actor: 'plugin:scaffolder' }, [4]],
    [{ actor: 'user:aurora/nobody' }, []],
    [{ subject: 'user:aurora/ann' }, [3]],
    [{ subject: 'component:aurora/check-out' }, [2]],
    [{ act: 'git.branch.push' }, [2]],
    [{ act: 'git.*' }, [2]],
    [{ act: 'git-host.*' }, [3]],
    [{ act: 'test.thing.*' }, [5, 4, 1]],
    [{ act: 'test.thin.*' }, []],
    [{ outcome: 'refused' }, [2]],
    [{ outcome: 'succeeded' }, [5, 4, 3, 1]],
    [{ severity: 'critical' }, [3]],
    [{ severity: 'high' }, [3, 2]],
    [{ severity: 'medium' }, [5, 4, 3, 2, 1]],
    [{ requestId: 'request-1' }, [2]],
    [{ requestId: 'request-2' }, []],
    [{ correlation: 'run-7' }, [2]],
    [{ correlation: 'run-8' }, []],
    [{ from: '2000-01-01T00:00:00Z' }, [5, 4, 3, 2, 1]],
    [{ to: '2000-01-01T00:00:00+02:00' }, []],
    // words of the entry, of personal data, and of both together
    [{ text: 'branch' }, [2]],
    [{ text: 'übung' }, [1]],
    [{ text: 'CHECKOUT' }, [1]],
    [{ text: 'check-out' }, [2]],
    [{ text: '10.1.2.3' }, [2]],
    [{ text: 'ann branch' }, [2]],
    [{ text: 'ann' }, [4, 3, 2]],
    [{ text: 'ann -branch' }, [4, 3]],
    [{ text: '-ann' }, [5, 1]],
    [{ text: '"of the übung"' }, [1]],
    [{ text: '"übung the of"' }, []],
    [{ text: 'nothinglikethis' }, []],
    // together
    [{ text: 'ann', severity: 'critical' }, [3]],
    [{ actor: 'user:aurora/ann', outcome: 'refused', act: 'git.*' }, [2]],
    [{ actor: 'user:aurora/ann', outcome: 'failed' }, []],
  ])('finds with %j', async (filter, sequences) => {
    expect(await portal.find(kim, filter)).toEqual(aurora(...sequences));
    // an auditor finds at least the same in that chain
    const all = await portal.find(ana, { ...filter, chain: 'aurora' });
    expect(all).toEqual(expect.arrayContaining(aurora(...sequences)));
  });

  it.each<[Record<string, string>]>([
    [{ limit: '0' }],
    [{ limit: '201' }],
    [{ act: 'Git' }],
    [{ outcome: 'maybe' }],
    [{ from: 'yesterday' }],
    [{ text: '***' }],
    [{ text: 'a b c d e f g h i j k' }],
    [{ cursor: 'nonsense' }],
    [{ unknown: 'x' }],
    [{ chain: '../aurora' }],
  ])('refuses %j with a reason', async query => {
    const { status, body } = await portal.get(
      kim,
      `/entries?${new URLSearchParams(query)}`,
    );
    expect(status).toBe(400);
    expect(body.error).toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/\w{3}/),
    });
  });

  describe('the walls', () => {
    it('shows each tenant its own chain alone', async () => {
      expect(await portal.find(lena)).toEqual(['borealis:2', 'borealis:1']);
      expect(await portal.find('user:aurora-2/otto')).toEqual(['aurora-2:1']);
      expect(await portal.find(pat)).toEqual(['default:1']);
      expect(new Set(await portal.find(ana))).toEqual(
        new Set([
          ...aurora(1, 2, 3, 4, 5),
          'borealis:1',
          'borealis:2',
          'aurora-2:1',
          'default:1',
        ]),
      );
    });

    it.each([
      '/entries?chain=CHAIN',
      '/entries/CHAIN/1',
      '/acts?chain=CHAIN',
      '/checkpoints?chain=CHAIN',
      '/checkpoints/CHAIN/latest',
      '/chains/CHAIN/proofs/consistency?from=1&to=1',
      '/chains/CHAIN/proofs/inclusion?sequence=1&size=1',
      '/export?chain=CHAIN',
      '/tail?chain=CHAIN',
    ])('answers for a foreign %s as for one that is not there', async path => {
      const ask = (user: string, chain: string) =>
        portal.get(user, path.replace('CHAIN', chain));
      for (const user of [lena, pat]) {
        const foreign = await ask(user, 'aurora');
        const missing = await ask(user, 'nowhere');
        expect(foreign.status).toBe(404);
        expect(foreign.text.replaceAll('aurora', 'nowhere')).toBe(missing.text);
      }
      expect((await ask(ana, 'nowhere')).body.error).toMatchObject({
        name: 'NotFoundError',
        message: 'There is no chain "nowhere"',
      });
    });

    it('finds nothing of another tenant by its words, people or requests', async () => {
      for (const filter of [
        { text: 'branch' },
        { text: 'ann' },
        { text: '-nothing' },
        { actor: 'user:aurora/ann' },
        { subject: 'user:aurora/ann' },
        { requestId: 'request-1' },
        { act: 'git.*' },
        { severity: 'high' },
      ]) {
        const found = await portal.find(lena, filter);
        expect(found.filter(id => !id.startsWith('borealis:'))).toEqual([]);
      }
      expect((await portal.get(lena, '/acts')).body).toEqual({
        items: ['test.thing.change'],
      });
      expect((await portal.get(kim, '/acts')).body).toEqual({
        items: ['git-host.secret.leak', 'git.branch.push', 'test.thing.change'],
      });
    });

    it('takes no cursor into another chain', async () => {
      const first = await portal.get(kim, '/entries?limit=1');
      const cursor = first.body.nextCursor;
      const { body } = await portal.get(lena, `/entries?cursor=${cursor}`);
      expect(
        body.items.filter(
          ({ entry }: AuditEntryView) => entry.chain !== 'borealis',
        ),
      ).toEqual([]);
    });

    it('asks for a role', async () => {
      const refused = await portal.get('user:aurora/dev', '/entries');
      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toBe(
        'You do not hold the permission audit.entry.read; ask an administrator of aurora',
      );
      expect((await portal.anonymous('/entries')).status).toBe(401);
      expect((await portal.get('user:aurora/ann', '/entries')).status).toBe(
        200,
      );
    });
  });

  describe('personal data', () => {
    const view = async (user: string, path: string): Promise<AuditEntryView> =>
      (await portal.get(user, path)).body;

    it('are disclosed to their tenant', async () => {
      const { entry, disclosed, erased } = await view(kim, '/entries/aurora/2');
      expect(JSON.stringify(entry)).not.toContain('ann');
      expect(Object.values(disclosed).sort()).toEqual([
        '10.1.2.3',
        'user:aurora/ann',
      ]);
      expect(disclosed).toHaveProperty([Object(entry.actor.ref).$personal]);
      expect(erased).toEqual([]);
    });

    it('of the platform’s people are for the platform', async () => {
      const ofTenant = await view(kim, '/entries/aurora/5');
      expect(ofTenant.disclosed).toEqual({});
      expect(ofTenant.erased).toEqual([]);
      const ofAuditor = await view(ana, '/entries/aurora/5');
      expect(Object.values(ofAuditor.disclosed).sort()).toEqual([
        'the pat of platform',
        pat,
      ]);
      // nor can a tenant guess them
      for (const filter of [
        { text: 'pat' },
        { text: 'platform' },
        { actor: pat },
      ]) {
        expect(await portal.find(kim, filter)).toEqual([]);
        expect(await portal.find(ana, { ...filter, chain: 'aurora' })).toEqual([
          'aurora:5',
        ]);
      }
    });
  });

  it('says that an entry is not there', async () => {
    const { status, body } = await portal.get(kim, '/entries/aurora/99');
    expect(status).toBe(404);
    expect(body.error.message).toBe(
      'The chain "aurora" has no entry 99: it was pruned, or does not exist',
    );
    expect((await portal.get(kim, '/entries/aurora/0')).status).toBe(400);
  });
});

describe('pages', () => {
  let portal: AuditPortal;

  beforeAll(async () => {
    portal = await AuditPortal.start();
  });
  afterAll(() => portal?.stop());

  it('show each entry once while new ones arrive', async () => {
    await portal.write(...Array.from({ length: 23 }, () => ({})));
    const before = await portal.find(kim);
    expect(before).toHaveLength(23);
    for (const [user, text] of [
      [kim, ''],
      [kim, '&text=thing'],
      [ana, '&act=test.*'],
    ] as const) {
      const expected =
        user === kim
          ? await portal.find(kim)
          : await portal.find(ana, { act: 'test.*' });
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const {
          body,
        }: { body: { items: AuditEntryView[]; nextCursor?: string } } =
          await portal.get(
            user,
            `/entries?limit=4${text}${cursor ? `&cursor=${cursor}` : ''}`,
          );
        seen.push(
          ...body.items.map(({ entry }) => `${entry.chain}:${entry.sequence}`),
        );
        cursor = body.nextCursor;
        await portal.write({}, { chain: 'borealis' });
      } while (cursor);
      expect(seen).toEqual(expected);
    }
  });

  it('take a cursor for its own filter only', async () => {
    const { body } = await portal.get(kim, '/entries?limit=1&text=thing');
    const other = await portal.get(
      kim,
      `/entries?limit=1&text=other&cursor=${body.nextCursor}`,
    );
    expect(other.status).toBe(400);
    expect(other.body.error.message).toBe(
      'The cursor belongs to another filter: leave it out to start at the newest entry',
    );
  });

  it('mark what was erased', async () => {
    await portal.write({
      context: { actor: { kind: 'person', ref: 'user:aurora/gone' } },
      reason: 'a last act',
    });
    const [address] = await portal.find(kim, { actor: 'user:aurora/gone' });
    const path = `/entries/${address?.replace(':', '/')}`;
    for (const [user, status] of [
      ['user:aurora/ann', 403],
      [ana, 403],
      [lena, 404],
      [pat, 404],
      [kim, 200],
    ] as const) {
      const answer = await portal.post(user, '/erasures', {
        chain: 'aurora',
        person: 'user:aurora/gone',
        reason: 'left the organisation',
      });
      expect([user, answer.status]).toEqual([user, status]);
    }
    await portal.engine.relayAll();
    expect(await portal.find(kim, { actor: 'user:aurora/gone' })).toEqual([]);
    expect(await portal.find(kim, { text: 'last' })).toEqual([]);
    const { body } = await portal.get(kim, path);
    expect(body.disclosed).toEqual({});
    expect(body.erased).toHaveLength(2);
    expect(body.erased).toContain(body.entry.actor.ref.$personal);
  });
});
