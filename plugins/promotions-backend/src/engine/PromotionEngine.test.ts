import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { type Promotion } from '@portico/plugin-promotions-common';
import { EngineBench, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(120_000);

describe('PromotionEngine', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create();
  });
  afterAll(() => bench?.destroy());

  let count = 0;
  let component: string;
  beforeEach(() => {
    count += 1;
    component = `component:${tenant}/service-${count}`;
    bench.world.health = 'healthy';
    bench.world.troubles.length = 0;
  });

  /** A release that ran through dev and staging by itself. */
  async function released(version: string) {
    bench.pass(1);
    const release = await bench.announce(component, version);
    await bench.settle();
    return release;
  }

  async function toProduction(release: string): Promise<Promotion> {
    const { id } = await bench.service.request(
      { component, environment: 'prod', release },
      bench.person('kim'),
    );
    await bench.settle();
    const promotion = await bench.service.get({ tenant, id });
    if (!promotion) {
      throw new Error('It is gone');
    }
    return promotion;
  }

  async function vote(
    name: string,
    decision: 'approve' | 'reject' | 'withdraw' = 'approve',
  ): Promise<void> {
    const { id, subject } = await bench.newest(component, 'prod');
    await bench.service.vote(
      { promotion: id, decision, subject: subject ?? '' },
      bench.person(name),
    );
  }

  const phaseIn = async (environment: string) =>
    (await bench.newest(component, environment)).phase;

  it('brings a new release to each automatic environment in turn, and nowhere else', async () => {
    const release = await released('1.0.0');
    expect(
      (await bench.promotions(component)).map(
        ({ environment, phase, automatic, requestedBy }) => ({
          environment,
          phase,
          automatic,
          requestedBy,
        }),
      ),
    ).toEqual(
      ['dev', 'staging'].map(environment => ({
        environment,
        phase: 'succeeded',
        automatic: true,
        requestedBy: 'plugin:promotions',
      })),
    );
    const deployed = await bench.service.deployments({ tenant, component });
    // the bench's clock stands still, so that neither is newer
    expect(
      deployed
        .map(one => [one.environment, one.release, one.result])
        .sort(([one = ''], [other = '']) => one.localeCompare(other)),
    ).toEqual([
      ['dev', release.id, 'succeeded'],
      ['staging', release.id, 'succeeded'],
    ]);
    // the same content again is the same release, and sets nothing going
    await expect(bench.announce(component, '1.0.0')).resolves.toEqual(release);
    await bench.settle();
    await expect(bench.promotions(component)).resolves.toHaveLength(2);
  });

  it('lets it into a protected environment only with the people that the rule wants', async () => {
    const { id } = await released('1.0.0');
    await expect(toProduction(id)).resolves.toMatchObject({
      phase: 'waiting',
      reason: expect.stringContaining('needs 2 more approvals'),
    });
    await vote('kim');
    await vote('ana');
    await vote('ana');
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('waiting');
    await vote('ben');
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('succeeded');
    expect(bench.world.written.at(-1)).toMatchObject({
      environment: 'prod',
      release: id,
      approvedBy: ['user:aurora/ana', 'user:aurora/ben'],
    });
  });

  it('does not count votes on what is not shown any more', async () => {
    const { id } = await released('1.0.0');
    const { subject } = await toProduction(id);
    await vote('ana');
    bench.world.touch(component, 'prod');
    bench.pass(6);
    await bench.settle();
    const shown = await bench.newest(component, 'prod');
    expect(shown.subject).not.toBe(subject);
    await expect(
      bench.service.vote(
        { promotion: shown.id, decision: 'approve', subject: subject ?? '' },
        bench.person('ben'),
      ),
    ).rejects.toThrow('has changed since it was shown');
    await vote('ben');
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('waiting');
  });

  it('ends for good when somebody rejects, and takes no further votes', async () => {
    const { id } = await released('1.0.0');
    await toProduction(id);
    await vote('ana', 'reject');
    await bench.settle();
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      phase: 'rejected',
      reason: expect.stringContaining('Rejected by ana'),
    });
    await expect(vote('ben')).rejects.toThrow('The promotion is over');
  });

  it('takes the place of an older one that waits, and waits for one that acts', async () => {
    const first = await released('1.0.0');
    const second = await released('2.0.0');
    const third = await released('3.0.0');
    const older = await toProduction(first.id);
    const newer = await toProduction(second.id);
    await expect(
      bench.service.get({ tenant, id: older.id }),
    ).resolves.toMatchObject({ phase: 'superseded', supersededBy: newer.id });

    // it begins, and hangs
    bench.world.troubles.push('waits');
    await vote('ana');
    await vote('ben');
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('running');
    const last = await toProduction(third.id);
    await vote('ana');
    await vote('ben');
    await bench.settle();
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      id: last.id,
      phase: 'ready',
      reason: expect.stringContaining('Waits for its turn'),
    });
    await expect(
      bench.service.cancel(
        { id: newer.id, reason: 'Too late' },
        bench.person('kim'),
      ),
    ).rejects.toThrow('The promotion has begun');
    bench.pass(1);
    await bench.settle();
    await expect(
      bench.service.get({ tenant, id: newer.id }),
    ).resolves.toMatchObject({ phase: 'succeeded' });
    // what was approved was to be written on something else
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      id: last.id,
      phase: 'waiting',
    });
  });

  it('waits while the line is stopped, also when it stops right before the beginning', async () => {
    const { id } = await released('1.0.0');
    await toProduction(id);
    const stop = await bench.service.stop(
      { reason: 'Incident 7' },
      bench.person('kim'),
    );
    await vote('ana');
    await vote('ben');
    await bench.settle();
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      phase: 'waiting',
      reason: expect.stringContaining('Incident 7'),
    });
    await bench.service.lift({ id: stop.id }, bench.person('kim'));
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('succeeded');
  });

  it('goes past a gate only with a second person, for a while, and asks for a review', async () => {
    const { id } = await released('1.0.0');
    const { id: promotion } = await toProduction(id);
    const wish = {
      promotion,
      gates: ['people'],
      reason: 'The shop is down since an hour',
      ticket: 'INC-7',
    };
    await expect(
      bench.service.breakGlass(
        { ...wish, expiresAfter: 'PT5H' },
        bench.person('ana'),
      ),
    ).rejects.toThrow('at most four hours');
    await expect(
      bench.service.breakGlass(
        { ...wish, gates: ['nothing'] },
        bench.person('ana'),
      ),
    ).rejects.toThrow('has no gate nothing');
    await bench.service.breakGlass(wish, bench.person('ana'));
    bench.pass(6);
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('waiting');
    await expect(
      bench.service.confirmBreakGlass({ id: promotion }, bench.person('ana')),
    ).rejects.toThrow('a second person has to');
    await bench.service.confirmBreakGlass(
      { id: promotion },
      bench.person('ben'),
    );
    await bench.settle();
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      phase: 'succeeded',
      overridden: true,
    });
    const review = {
      promotion,
      finding: 'justified' as const,
      comment: 'The shop was down',
    };
    await expect(
      bench.service.reviewOverride(review, bench.person('ben')),
    ).rejects.toThrow('a third person has to');
    await bench.service.reviewOverride(review, bench.person('cat'));
    await expect(
      bench.service.reviewOverride(review, bench.person('dan')),
    ).rejects.toThrow('no broken glass to review');
  });

  it('holds automation after a rollback, until somebody releases it', async () => {
    const first = await released('1.0.0');
    await released('2.0.0');
    await bench.service.request(
      {
        component,
        environment: 'staging',
        release: first.id,
        kind: 'rollback',
      },
      bench.person('kim'),
    );
    await bench.settle();
    const third = await released('3.0.0');
    const environmentsOf = async (release: string) =>
      (await bench.promotions(component))
        .filter(one => one.release.id === release)
        .map(({ environment }) => environment);
    await expect(environmentsOf(third.id)).resolves.toEqual(['dev']);
    await bench.service.releaseHold(
      { component, environment: 'staging', reason: 'Repaired' },
      bench.person('kim'),
    );
    const fourth = await released('4.0.0');
    await expect(environmentsOf(fourth.id)).resolves.toEqual([
      'dev',
      'staging',
    ]);
  });

  it('says what cannot be asked for', async () => {
    const first = await released('1.0.0');
    const ask = (wish: object, who = 'kim') =>
      bench.service.request(
        { component, environment: 'prod', release: first.id, ...wish },
        bench.person(who),
      );
    await expect(ask({ environment: 'moon' })).rejects.toThrow(
      'has no environment moon; it has dev, staging, prod',
    );
    await expect(ask({ release: `sha256:${'0'.repeat(64)}` })).rejects.toThrow(
      'has no release',
    );
    await expect(ask({ environment: 'dev' })).rejects.toThrow(
      'runs in dev already',
    );
    await expect(ask({ kind: 'rollback' })).rejects.toThrow(
      'never ran in prod',
    );
    await expect(ask({ kind: 'redeploy' })).rejects.toThrow(
      'does not run in prod',
    );
    await expect(
      ask({ component: 'component:borealis/ledger' }),
    ).rejects.toThrow('There is no component component:borealis/ledger');
    const key = 'the-same-request';
    const { id } = await ask({ key });
    await expect(ask({ key })).resolves.toMatchObject({ id });
    await expect(ask({ key, environment: 'dev' })).rejects.toThrow(
      'take a new key',
    );
    await expect(ask({ key }, 'ana')).resolves.not.toMatchObject({ id });
    await bench.service.rejectRelease(
      { id: first.id, reason: 'It loses orders' },
      bench.person('kim'),
    );
    await expect(phaseIn('prod')).resolves.toMatch(/cancelled|rejected/);
    await expect(ask({})).rejects.toThrow('It loses orders');
  });

  it('expires when nobody lets it through, tries again what breaks, and then gives up', async () => {
    const { id } = await released('1.0.0');
    await toProduction(id);
    bench.pass(8 * 24 * 60);
    await bench.settle();
    await expect(phaseIn('prod')).resolves.toBe('expired');

    await toProduction(id);
    await vote('ana');
    await vote('ben');
    bench.world.troubles.push('throws', 'throws');
    for (let minute = 0; minute < 4; minute += 1) {
      await bench.settle();
      bench.pass(2);
    }
    await expect(phaseIn('prod')).resolves.toBe('succeeded');

    const next = await released('2.0.0');
    await toProduction(next.id);
    await vote('ana');
    await vote('ben');
    bench.world.troubles.push(...Array<'throws'>(8).fill('throws'));
    for (let minute = 0; minute < 10; minute += 1) {
      await bench.settle();
      bench.pass(2);
    }
    await expect(bench.newest(component, 'prod')).resolves.toMatchObject({
      phase: 'errored',
      reason: expect.stringContaining('Tried 8 times'),
    });
  });

  it('fails when what it brought is not healthy in time, and brings nothing further', async () => {
    bench.world.health = 'degraded';
    await released('1.0.0');
    await expect(phaseIn('staging')).resolves.toBe('verifying');
    bench.pass(16);
    await bench.settle();
    await expect(bench.newest(component, 'staging')).resolves.toMatchObject({
      phase: 'failed',
      reason: expect.stringContaining('degraded'),
    });
    await expect(
      bench.service.deployments({ tenant, component, environment: 'staging' }),
    ).resolves.toMatchObject([{ result: 'failed' }]);
  });

  it.each(['before', 'afterItCommitted'] as const)(
    'takes up what an engine left that was killed at any of its transactions (%s)',
    async side => {
      let transaction = 0;
      for (let killed = true; killed; ) {
        transaction += 1;
        const name = `${component}-${transaction}`;
        await bench.announce(name, '1.0.0');
        killed = await bench.settle({ transaction, side });
        await bench.settle();
        expect([transaction, await bench.newest(name, 'staging')]).toEqual([
          transaction,
          expect.objectContaining({ phase: 'succeeded' }),
        ]);
        expect(
          bench.world.written.filter(one => one.component === name),
        ).toHaveLength(2);
      }
      expect(transaction).toBeGreaterThan(20);
      expect(bench.world.collisions).toEqual([]);
    },
    120_000,
  );

  it('lets two replicas work on the same promotions', async () => {
    await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        bench.announce(`${component}-${index}`, '1.0.0'),
      ),
    );
    for (let turn = 0; turn < 10; turn += 1) {
      const due = await bench.due();
      await Promise.all(
        [bench.engine(), bench.engine()].flatMap(({ engine }) =>
          due.map(id => engine.advance({ tenant, id })),
        ),
      );
    }
    const written = bench.world.written.filter(one =>
      one.component.startsWith(component),
    );
    expect(written).toHaveLength(10);
    expect(bench.world.collisions).toEqual([]);
  });

  it('has an audit entry for each step', async () => {
    await released('1.0.0');
    const { id } = await bench.newest(component, 'staging');
    const acts = (await recordedActs(bench.testDatabase.database)).filter(
      ({ subject }) => subject.ref === id,
    );
    expect(
      acts.map(({ act }) => act.replace('promotions.promotion.', '')),
    ).toEqual(['request', 'evaluate', 'pass', 'begin', 'apply', 'succeed']);
  });
});
