import { InputError } from '@backstage/errors';
import { tenant } from '../engine/__testUtils__/EngineBench';
import {
  KillableDatabase,
  type KillPoint,
} from '../engine/__testUtils__/KillableDatabase';
import { openStores } from '../store/openStores';
import { NoticeScene, ref } from './__testUtils__/NoticeScene';

jest.setTimeout(60_000);

describe('NoticeSender', () => {
  let scene: NoticeScene;
  beforeAll(async () => {
    scene = await NoticeScene.create();
  });
  afterAll(() => scene?.bench.destroy());
  beforeEach(() => scene.begin());

  it('asks those who can still approve, once, and names them to whoever asked', async () => {
    const { id } = await scene.toProduction();
    const link = `/delivery/promotions/${id}`;
    await expect(scene.told()).resolves.toEqual([
      {
        to: ['ana', 'ben', 'cat', 'dan'].map(ref),
        title: `${scene.name} 1.0.0 waits for your approval before prod`,
        description: expect.stringContaining(
          'kim asked for it. "leads" needs 2',
        ),
        link,
        severity: 'normal',
        topic: 'approvals',
        scope: `approval:${id}`,
      },
      {
        to: [ref('kim')],
        title: `${scene.name} 1.0.0 waits for review before prod`,
        description: expect.stringMatching(
          /^"leads" needs 2 more approvals: ana, ben, .* can approve\.$/,
        ),
        link,
        severity: 'normal',
        topic: 'promotions',
        scope: `promotion:${id}`,
      },
    ]);
    await scene.vote('ana');
    scene.bench.pass(20);
    await scene.bench.settle();
    await expect(scene.told()).resolves.toEqual([]);
    await scene.vote('ben');
    await expect(scene.told()).resolves.toEqual([
      {
        to: [ref('kim')],
        title: `${scene.name} 1.0.0 runs in prod`,
        description: expect.any(String),
        link,
        severity: 'normal',
        topic: 'promotions',
        // in the place of what kim was told before
        scope: `promotion:${id}`,
      },
    ]);
    // what the pipeline brought to dev and staging is no news
    await expect(scene.outcomes()).resolves.toEqual([
      'approval told',
      'end told',
    ]);
  });

  it('informs the owners of dependants where a gate says so, and asks nothing of them', async () => {
    const { id } = await scene.toProduction();
    scene.dependants = ['vera', 'ana', 'kim', 'bot-ci'].map(ref);
    await scene.inform(id);
    const informed = { link: `/delivery/promotions/${id}`, to: [ref('vera')] };
    await expect(scene.told()).resolves.toMatchObject([
      { to: ['ana', 'ben', 'cat', 'dan'].map(ref) },
      { to: [ref('kim')] },
      {
        ...informed,
        title: `${scene.name} 1.0.0 waits for review before prod`,
        description: expect.stringContaining('Nothing is asked of you.'),
      },
    ]);
    await scene.bench.service.cancel(
      { id, reason: 'Not today' },
      scene.bench.person('kim'),
    );
    await expect(scene.told()).resolves.toMatchObject([
      {
        to: ['ana', 'vera'].map(ref),
        title: `${scene.name} 1.0.0 was cancelled on its way to prod`,
        description: expect.stringMatching(/^You own what depends on it\. /),
      },
    ]);
  });

  it('tells the others where so much depends on it that nobody can be found', async () => {
    const { id } = await scene.toProduction();
    await scene.inform(id);
    scene.dependants = new InputError('501 entities depend on the component');
    await expect(scene.told()).resolves.toHaveLength(2);
  });

  it('asks again when something else is shown: those who are there then and did not approve', async () => {
    const { id } = await scene.toProduction();
    await scene.vote('ana');
    await scene.told();
    scene.bench.world.touch(scene.component, 'prod');
    scene.bench.pass(6);
    await scene.bench.settle();
    await scene.vote('ana');
    const { groups } = scene.member('dan');
    Object.assign(scene.member('dan'), { groups: [] });
    try {
      await expect(scene.told()).resolves.toMatchObject([
        { to: ['ben', 'cat'].map(ref), scope: `approval:${id}` },
        { to: [ref('kim')] },
      ]);
    } finally {
      Object.assign(scene.member('dan'), { groups });
    }
  });

  it('asks when the gates have answered, where they are asked just then', async () => {
    const { id } = await scene.toProduction();
    const be = (phase: string) =>
      scene.bench.admin.query(
        'update portico_promotions.promotions set phase = $1 where id = $2',
        [phase, id],
      );
    await be('evaluating');
    await expect(scene.told()).resolves.toEqual([]);
    await be('waiting');
    scene.bench.pass(1);
    await expect(scene.told()).resolves.toHaveLength(2);
  });

  it('asks nobody for what is over, and tells nobody of what they did themselves', async () => {
    const { id } = await scene.toProduction();
    await scene.bench.service.cancel(
      { id, reason: 'Not today' },
      scene.bench.person('kim'),
    );
    await expect(scene.told()).resolves.toEqual([]);
    await expect(scene.outcomes()).resolves.toEqual([
      'approval needless',
      'end needless',
    ]);
    await scene.toProduction('2.0.0');
    await scene.vote('cat', 'reject');
    await expect(scene.told()).resolves.toMatchObject([
      {
        to: [ref('kim')],
        title: `${scene.name} 2.0.0 was rejected for prod`,
        description: expect.stringContaining('Rejected by cat'),
      },
    ]);
  });

  it('tells all who approve or administrate of broken glass, at both steps', async () => {
    const { id } = await scene.toProduction();
    await scene.told();
    await scene.bench.service.breakGlass(
      {
        promotion: id,
        gates: ['people'],
        reason: 'The shop is down',
        ticket: 'INC-7',
        expiresAfter: 'PT1H',
      },
      scene.bench.person('ana'),
    );
    const alarm = {
      title: `Break glass: ${scene.name} 1.0.0 to prod`,
      severity: 'critical',
      topic: 'break-glass',
      scope: `breakGlass:${id}`,
      link: `/delivery/promotions/${id}`,
    };
    await expect(scene.told()).resolves.toEqual([
      {
        ...alarm,
        to: ['ben', 'cat', 'dan', 'kim', 'olaf'].map(ref),
        description:
          'ana wants to go past people: The shop is down (INC-7). A second person has to confirm it.',
      },
    ]);
    scene.bench.pass(1);
    await scene.bench.service.confirmBreakGlass(
      { id },
      scene.bench.person('ben'),
    );
    await expect(scene.told()).resolves.toEqual([
      {
        ...alarm,
        to: ['ana', 'cat', 'dan', 'kim', 'olaf'].map(ref),
        description: expect.stringContaining(
          'ben confirmed it. A third person',
        ),
      },
    ]);
  });

  it('loses nothing wherever it is killed, and doubles only under the same scope', async () => {
    const points: KillPoint[] = [1, 2, 3].flatMap(transaction => [
      { transaction, side: 'before' as const },
      { transaction, side: 'afterItCommitted' as const },
    ]);
    const times: number[] = [];
    for (const point of points) {
      scene.component = `component:${tenant}/killed-${times.length}`;
      const { id } = await scene.toProduction();
      const database = new KillableDatabase(
        scene.bench.testDatabase.database,
        point,
      );
      scene.sent.length = 0;
      await scene
        .sender({ database })
        .send()
        .catch(() => {});
      expect(database.killed).toBe(true);
      // while the lease of the killed one lasts, nobody else sends it
      const before = scene.sent.length;
      await scene.bench.admin.query(
        `update portico_promotions.notices
            set leased_until = clock_timestamp() - interval '1 s'
          where leased_until is not null`,
      );
      await scene.sender().send();
      await scene.sender().send();
      times.push(scene.sent.length);
      expect(scene.sent.length - before).toBeLessThanOrEqual(2);
      expect(new Set(scene.sent.map(({ payload }) => payload.scope))).toEqual(
        new Set([`approval:${id}`, `promotion:${id}`]),
      );
      await expect(scene.outcomes()).resolves.toEqual(['approval told']);
    }
    // two messages once, or twice where it was killed right before it was written down
    expect(new Set(times)).toEqual(new Set([2, 4]));
  });

  it('is sent by one of two replicas', async () => {
    await scene.toProduction();
    scene.sent.length = 0;
    await Promise.all([scene.sender().send(), scene.sender().send()]);
    expect(scene.sent).toHaveLength(2);
  });

  it('tries again what cannot be told, without keeping others back, for a day', async () => {
    const { id } = await scene.toProduction();
    const other = `component:${tenant}/other-${scene.name}`;
    scene.send = async notification => {
      if (notification.payload.scope?.endsWith(id)) {
        throw new Error('Request failed with status 503');
      }
      scene.sent.push(notification);
    };
    const broken = scene.component;
    scene.component = other;
    const { id: otherId } = await scene.toProduction();
    await expect(scene.told()).resolves.toHaveLength(2);
    expect(scene.sent[0].payload.scope).toBe(`approval:${otherId}`);
    scene.component = broken;
    await expect(scene.outcomes()).resolves.toEqual(['approval due']);
    // not at once
    scene.send = scene.takes;
    await expect(scene.told()).resolves.toEqual([]);
    scene.bench.pass(1);
    scene.send = async () => {
      throw new Error('Request failed with status 503');
    };
    await scene.told();
    scene.bench.pass(25 * 60);
    await scene.told();
    await expect(scene.outcomes()).resolves.toEqual(['approval gaveUp']);
    scene.send = scene.takes;
    scene.bench.pass(60);
    await expect(scene.told()).resolves.toEqual([]);
  });

  it('tells whoever brought what the pipeline takes back, of both ends', async () => {
    const { bench, component } = scene;
    const staging = bench.stages.find(({ name }) => name === 'staging');
    Object.assign(staging ?? {}, {
      automatic: false,
      automaticRollback: true,
    });
    const toStaging = async (version: string, isWell: boolean) => {
      bench.pass(1);
      const { id: release } = await bench.announce(component, version);
      if (!isWell) {
        bench.world.ill.add(release);
      }
      await bench.settle();
      await bench.service.request(
        { component, environment: 'staging', release },
        bench.person('kim'),
      );
      await bench.settle();
    };
    await toStaging('1.0.0', true);
    await toStaging('2.0.0', false);
    await scene.told();
    bench.pass(16);
    await bench.settle();
    const rollback = await bench.newest(component, 'staging');
    const of = (name: string) => ({
      to: [ref('kim')],
      topic: 'promotions',
      title: `${scene.name} ${name} staging`,
    });
    await expect(scene.told()).resolves.toMatchObject([
      {
        ...of('2.0.0 was taken back from'),
        severity: 'high',
        description: expect.stringContaining('brings 1.0.0 back'),
      },
      {
        ...of('1.0.0 runs in'),
        link: `/delivery/promotions/${rollback.id}`,
      },
    ]);
    Object.assign(staging ?? {}, { automatic: true });
  });

  it('sends nothing while it is switched off, and nothing of that time later', async () => {
    await scene.toProduction();
    await expect(scene.told(scene.sender({ enabled: false }))).resolves.toEqual(
      [],
    );
    await expect(scene.outcomes()).resolves.toEqual(['approval switchedOff']);
    await expect(scene.told()).resolves.toEqual([]);
  });

  it('tells nobody of another tenant, whatever the directory says', async () => {
    await scene.toProduction();
    const { userRef } = scene.member('ana');
    Object.assign(scene.member('ana'), { userRef: 'user:borealis/ana' });
    try {
      await expect(scene.told()).resolves.toEqual([]);
      await expect(scene.outcomes()).resolves.toEqual(['approval due']);
    } finally {
      Object.assign(scene.member('ana'), { userRef });
    }
  });

  describe('of drift', () => {
    /** Drift that a scan found, and its notice. */
    async function drifts(
      more: { class?: string; mutedUntil?: Date } = {},
    ): Promise<string> {
      const at = scene.bench.now();
      const { rows } = await scene.bench.admin.query(
        `insert into portico_promotions.drift
           (tenant, component, environment, class, path, reason, source, first_seen_at,
            last_seen_at, muted_until)
         values ($1, $2, 'prod', $3, $4, 'Its image was changed by hand.', 'test', $5, $5, $6)
         returning id`,
        [
          tenant,
          scene.component,
          more.class ?? 'liveDrift',
          String(Math.random()),
          at,
          more.mutedUntil ?? null,
        ],
      );
      await scene.bench.testDatabase.database.inTenant(tenant, transaction =>
        openStores(transaction, tenant).notices.add({
          kind: 'drift',
          key: `drift ${rows[0].id}`,
          component: scene.component,
          environment: 'prod',
          madeAt: at,
          dueAt: new Date(at.getTime() + 5 * 60_000),
        }),
      );
      return rows[0].id;
    }

    it('tells the owners once of all that is still there after a while', async () => {
      await drifts();
      await drifts();
      await drifts({ class: 'pendingChange' });
      await drifts({ class: 'staleVerdict' });
      await drifts({ class: 'unknown' });
      await expect(scene.told()).resolves.toEqual([]);
      scene.bench.pass(6);
      await expect(scene.told()).resolves.toEqual([
        {
          to: ['ana', 'ben', 'cat', 'dan', 'kim', 'vera'].map(ref),
          title: `${scene.name} does not run in prod as it is declared`,
          description: 'Its image was changed by hand. And 1 more.',
          link: `/catalog/${tenant}/component/${scene.name}/delivery`,
          severity: 'normal',
          topic: 'drift',
          scope: `drift:${scene.component}:prod`,
        },
      ]);
      const { rows } = await scene.bench.admin.query(
        `select class, told_at is not null as told from portico_promotions.drift
          where component = $1 order by class`,
        [scene.component],
      );
      expect(rows.map(row => [row.class, row.told])).toEqual([
        ['liveDrift', true],
        ['liveDrift', true],
        ['pendingChange', false],
        ['staleVerdict', false],
        ['unknown', false],
      ]);
    });

    it('tells the administrators where nobody owns it, and nobody when it is over', async () => {
      scene.owner = 'group:default/platform';
      await drifts();
      scene.bench.pass(6);
      await expect(scene.told()).resolves.toMatchObject([
        { to: [ref('olaf')] },
      ]);
      const id = await drifts();
      await scene.bench.admin.query(
        'update portico_promotions.drift set resolved_at = $1 where id = $2',
        [scene.bench.now(), id],
      );
      scene.bench.pass(6);
      await expect(scene.told()).resolves.toEqual([]);
    });

    it('waits until a mute is over', async () => {
      const hour = 3_600_000;
      await drifts({
        mutedUntil: new Date(scene.bench.now().getTime() + hour),
      });
      scene.bench.pass(6);
      await expect(scene.told()).resolves.toEqual([]);
      scene.bench.pass(60);
      await expect(scene.told()).resolves.toHaveLength(1);
    });
  });
});
