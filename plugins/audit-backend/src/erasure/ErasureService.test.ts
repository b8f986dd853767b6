import { personal } from '@portico/plugin-audit-common';
import { AuditEngine, record } from '../__testUtils__/AuditEngine';
import { ErasureService } from './ErasureService';

jest.setTimeout(60_000);

const person = 'user:aurora/lee';
const admin = { actor: { kind: 'person' as const, ref: 'user:aurora/kim' } };

describe('ErasureService', () => {
  let engine: AuditEngine;
  let members: string[];
  beforeEach(async () => {
    engine = await AuditEngine.create();
    members = ['user:aurora/kim'];
  });
  afterEach(() => engine?.destroy());

  const service = (wait = () => engine.relayAll()) =>
    new ErasureService({
      database: engine.database,
      isMember: async ref => members.includes(ref),
      wait,
    });

  const people = async (chain: string) => {
    const { rows } = await engine.asSuperuser(
      `select person, count(*)::int as count from portico_audit.personal_data
        where chain = $1 group by person order by person`,
      [chain],
    );
    return Object.fromEntries(rows.map(row => [row.person, row.count]));
  };

  const lee = (chain: string) =>
    record({
      chain,
      context: { actor: { kind: 'person', ref: person } },
      reason: 'I am Lee',
      details: { mail: personal(person, 'lee@example.com') },
    });

  it('destroys what is known of a former member, and the chain stays as it is', async () => {
    await engine.append(record(), lee('aurora'));
    await engine.append(lee('borealis'));
    await engine.relayAll();
    const before = await engine.entries('aurora');

    await expect(
      service().erase({ chain: 'aurora', person, reason: 'They asked' }, admin),
    ).resolves.toEqual({ erased: 3 });
    await engine.relayAll();

    const after = await engine.entries('aurora');
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.at(-1)).toMatchObject({
      act: 'audit.person.erase',
      severity: 'high',
      // the commitment says what it was about, to nobody any more
      subject: {
        kind: 'person',
        ref: before[1].actor.ref && Object.values(before[1].actor.ref)[0],
      },
    });
    expect(await people('aurora')).toEqual({ 'user:aurora/kim': 2 });
    // the chain of another tenant is the other's
    expect(await people('borealis')).toEqual({ [person]: 3 });
    const { rows } = await engine.asSuperuser(
      `select commitment from portico_audit.erased_commitments where chain = 'aurora'`,
    );
    expect(rows).toHaveLength(3);
    const { rows: everything } = await engine.asSuperuser(
      `select string_agg(e::text, '') as text from portico_audit.entries e where chain = 'aurora'`,
    );
    expect(everything[0].text).not.toMatch(/lee/i);

    await expect(
      service().erase({ chain: 'aurora', person, reason: 'again' }, admin),
    ).rejects.toThrow('holds nothing of user:aurora/lee');
  });

  it('refuses members, others’ people and machines, and records nothing then', async () => {
    members.push(person);
    await engine.append(lee('aurora'), record());
    await engine.relayAll();
    const erase = (wish: { chain?: string; person?: string }) =>
      service().erase(
        { chain: 'aurora', person, reason: 'because', ...wish },
        admin,
      );
    await expect(erase({})).rejects.toThrow('is a member of aurora');
    for (const other of [
      'user:borealis/lee',
      'user:default/ops',
      'user:aurora/bot-ci',
      'group:aurora/lee',
      'user:aurora-2/lee',
    ]) {
      await expect(erase({ person: other })).rejects.toThrow(
        'is no person of aurora',
      );
    }
    await expect(erase({ chain: 'borealis' })).rejects.toThrow(
      'is no person of borealis',
    );
    await engine.relayAll();
    expect(await engine.entries('aurora')).toHaveLength(2);
    expect(await people('aurora')).toMatchObject({ [person]: 3 });
  });

  it('waits for acts that name the person, so that none brings them back', async () => {
    await engine.append(lee('aurora'));
    await engine.relayAll();
    await engine.append(lee('aurora'));
    const waits = jest.fn(() => engine.relayAll());
    await expect(
      service(waits).erase({ chain: 'aurora', person, reason: 'now' }, admin),
    ).resolves.toEqual({ erased: 3 });
    expect(waits).toHaveBeenCalledTimes(1);
    await engine.relayAll();
    expect(await people('aurora')).not.toHaveProperty([person]);

    await engine.append(lee('aurora'));
    await engine.relayAll();
    await engine.append(lee('aurora'));
    await expect(
      service(async () => {}).erase(
        { chain: 'aurora', person, reason: 'now' },
        admin,
      ),
    ).rejects.toThrow('not chained yet');
    expect(await people('aurora')).toHaveProperty([person]);
  });

  it('erases people of the platform from every chain', async () => {
    const ops = 'user:default/ops';
    for (const chain of ['default', 'aurora', 'borealis']) {
      await engine.append(
        record({ chain, context: { actor: { kind: 'person', ref: ops } } }),
      );
    }
    await engine.relayAll();
    await expect(
      service().erase(
        { chain: 'default', person: ops, reason: 'left the company' },
        { actor: { kind: 'person', ref: 'user:default/pat' } },
      ),
    ).resolves.toEqual({ erased: 3 });
    await engine.relayAll();
    for (const chain of ['default', 'aurora', 'borealis']) {
      expect(await people(chain)).toEqual({ 'user:default/pat': 2 });
      expect((await engine.entries(chain)).at(-1)?.act).toBe(
        'audit.person.erase',
      );
    }
  });
});
