import { mockServices } from '@backstage/backend-test-utils';
import { type NotificationService } from '@backstage/plugin-notifications-node';
import { type PorticoDatabase } from '@portico/database';
import { type Promotion } from '@portico/plugin-promotions-common';
import {
  EngineBench,
  leads,
  tenant,
} from '../engine/__testUtils__/EngineBench';
import {
  KillableDatabase,
  type KillPoint,
} from '../engine/__testUtils__/KillableDatabase';
import { openStores } from '../store/openStores';
import { NoticeComposer } from './NoticeComposer';
import { NoticeSender } from './NoticeSender';

jest.setTimeout(60_000);

type Sent = Parameters<NotificationService['send']>[0];

const ref = (name: string) => `user:${tenant}/${name}`;

describe('NoticeSender', () => {
  let bench: EngineBench;
  const sent: Sent[] = [];
  let send: (notification: Sent) => Promise<void>;
  let owner: string;

  beforeAll(async () => {
    bench = await EngineBench.create();
    // Somebody who only looks on, a machine, and an administrator of no group.
    bench.join('vera', [leads]);
    bench.join('bot-ci', [leads]);
    bench.join('olaf', []);
    Object.assign(member('vera'), { roles: ['viewer'] });
    Object.assign(member('bot-ci'), { kind: 'machine' });
    Object.assign(member('olaf'), { roles: ['tenant-admin'] });
  });
  afterAll(() => bench?.destroy());

  let component: string;
  let count = 0;
  beforeEach(async () => {
    count += 1;
    component = `component:${tenant}/service-${count}`;
    owner = leads;
    send = async notification => {
      sent.push(notification);
    };
    // What earlier tests left is over.
    await bench.settle();
    await bench.admin.query(
      `update portico_promotions.notices
          set settled_at = now(), outcome = 'needless' where settled_at is null`,
    );
  });

  function member(name: string) {
    const found = bench.members.get(ref(name));
    if (!found) {
      throw new Error(`There is no ${name}`);
    }
    return found;
  }

  function sender(
    options: { enabled?: boolean; database?: PorticoDatabase } = {},
  ) {
    const { enabled = true, database = bench.testDatabase.database } = options;
    return new NoticeSender({
      database,
      composer: new NoticeComposer({
        database,
        directory: {
          members: async of =>
            of === tenant ? [...bench.members.values()] : [],
        },
        sources: {
          component: async () => ({
            apiVersion: 'test',
            kind: 'Component',
            metadata: { name: 'any' },
            relations: [{ type: 'ownedBy', targetRef: owner }],
          }),
        },
        now: bench.now,
      }),
      notifications: { send: notification => send(notification) },
      enabled,
      logger: mockServices.logger.mock(),
      now: bench.now,
    });
  }

  /** What is sent now, as few words: who, about what, under which scope. */
  async function told(one = sender()) {
    sent.length = 0;
    while (await one.send()) {
      // there may be more
    }
    return sent.map(({ recipients, payload }) => ({
      to:
        recipients.type === 'entity'
          ? [recipients.entityRef].flat().sort()
          : recipients.type,
      ...payload,
    }));
  }

  async function toProduction(version = '1.0.0'): Promise<Promotion> {
    bench.pass(1);
    const { id } = await bench.announce(component, version);
    await bench.settle();
    await bench.service.request(
      { component, environment: 'prod', release: id },
      bench.person('kim'),
    );
    await bench.settle();
    return bench.newest(component, 'prod');
  }

  async function vote(
    name: string,
    decision: 'approve' | 'reject' = 'approve',
  ) {
    const { id, subject = '' } = await bench.newest(component, 'prod');
    await bench.service.vote(
      { promotion: id, decision, subject },
      bench.person(name),
    );
    await bench.settle();
  }

  async function outcomes(): Promise<string[]> {
    const { rows } = await bench.admin.query(
      `select kind || ' ' || coalesce(outcome, 'due') as said
         from portico_promotions.notices where component = $1 order by made_at, kind`,
      [component],
    );
    return rows.map(({ said }) => said);
  }

  it('asks those who can still approve, once, and names them to whoever asked', async () => {
    const { id } = await toProduction();
    const link = `/delivery/promotions/${id}`;
    await expect(told()).resolves.toEqual([
      {
        to: ['ana', 'ben', 'cat', 'dan'].map(ref),
        title: `service-${count} 1.0.0 waits for your approval before prod`,
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
        title: `service-${count} 1.0.0 waits for review before prod`,
        description: expect.stringMatching(
          /^"leads" needs 2 more approvals: ana, ben, .* can approve\.$/,
        ),
        link,
        severity: 'normal',
        topic: 'promotions',
        scope: `promotion:${id}`,
      },
    ]);
    await vote('ana');
    bench.pass(20);
    await bench.settle();
    await expect(told()).resolves.toEqual([]);
    await vote('ben');
    await expect(told()).resolves.toEqual([
      {
        to: [ref('kim')],
        title: `service-${count} 1.0.0 runs in prod`,
        description: expect.any(String),
        link,
        severity: 'normal',
        topic: 'promotions',
        // in the place of what kim was told before
        scope: `promotion:${id}`,
      },
    ]);
    // what the pipeline brought to dev and staging is no news
    await expect(outcomes()).resolves.toEqual(['approval told', 'end told']);
  });

  it('asks again when something else is shown: those who are there then and did not approve', async () => {
    const { id } = await toProduction();
    await vote('ana');
    await told();
    bench.world.touch(component, 'prod');
    bench.pass(6);
    await bench.settle();
    await vote('ana');
    const { groups } = member('dan');
    Object.assign(member('dan'), { groups: [] });
    try {
      await expect(told()).resolves.toMatchObject([
        { to: ['ben', 'cat'].map(ref), scope: `approval:${id}` },
        { to: [ref('kim')] },
      ]);
    } finally {
      Object.assign(member('dan'), { groups });
    }
  });

  it('asks nobody for what is over, and tells nobody of what they did themselves', async () => {
    const { id } = await toProduction();
    await bench.service.cancel(
      { id, reason: 'Not today' },
      bench.person('kim'),
    );
    await expect(told()).resolves.toEqual([]);
    await expect(outcomes()).resolves.toEqual([
      'approval needless',
      'end needless',
    ]);
    await toProduction('2.0.0');
    await vote('cat', 'reject');
    await expect(told()).resolves.toMatchObject([
      {
        to: [ref('kim')],
        title: `service-${count} 2.0.0 was rejected for prod`,
        description: expect.stringContaining('Rejected by cat'),
      },
    ]);
  });

  it('tells all who approve or administrate of broken glass, at both steps', async () => {
    const { id } = await toProduction();
    await told();
    await bench.service.breakGlass(
      {
        promotion: id,
        gates: ['people'],
        reason: 'The shop is down',
        ticket: 'INC-7',
        expiresAfter: 'PT1H',
      },
      bench.person('ana'),
    );
    const alarm = {
      title: `Break glass: service-${count} 1.0.0 to prod`,
      severity: 'critical',
      topic: 'break-glass',
      scope: `breakGlass:${id}`,
      link: `/delivery/promotions/${id}`,
    };
    await expect(told()).resolves.toEqual([
      {
        ...alarm,
        to: ['ben', 'cat', 'dan', 'kim', 'olaf'].map(ref),
        description:
          'ana wants to go past people: The shop is down (INC-7). A second person has to confirm it.',
      },
    ]);
    bench.pass(1);
    await bench.service.confirmBreakGlass({ id }, bench.person('ben'));
    await expect(told()).resolves.toEqual([
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
      component = `component:${tenant}/killed-${times.length}`;
      const { id } = await toProduction();
      const database = new KillableDatabase(bench.testDatabase.database, point);
      sent.length = 0;
      await sender({ database })
        .send()
        .catch(() => {});
      expect(database.killed).toBe(true);
      // while the lease of the killed one lasts, nobody else sends it
      const before = sent.length;
      await bench.admin.query(
        `update portico_promotions.notices
            set leased_until = clock_timestamp() - interval '1 s'
          where leased_until is not null`,
      );
      await sender().send();
      await sender().send();
      times.push(sent.length);
      expect(sent.length - before).toBeLessThanOrEqual(2);
      expect(new Set(sent.map(({ payload }) => payload.scope))).toEqual(
        new Set([`approval:${id}`, `promotion:${id}`]),
      );
      await expect(outcomes()).resolves.toEqual(['approval told']);
    }
    // two messages once, or twice where it was killed right before it was written down
    expect(new Set(times)).toEqual(new Set([2, 4]));
  });

  it('is sent by one of two replicas', async () => {
    await toProduction();
    sent.length = 0;
    await Promise.all([sender().send(), sender().send()]);
    expect(sent).toHaveLength(2);
  });

  it('tries again what cannot be told, without keeping others back, for a day', async () => {
    const { id } = await toProduction();
    const other = `component:${tenant}/other-${count}`;
    send = async notification => {
      if (notification.payload.scope?.endsWith(id)) {
        throw new Error('Request failed with status 503');
      }
      sent.push(notification);
    };
    const broken = component;
    component = other;
    const { id: otherId } = await toProduction();
    await expect(told()).resolves.toHaveLength(2);
    expect(sent[0].payload.scope).toBe(`approval:${otherId}`);
    component = broken;
    await expect(outcomes()).resolves.toEqual(['approval due']);
    // not at once
    const recovered: typeof send = async notification => {
      sent.push(notification);
    };
    send = recovered;
    await expect(told()).resolves.toEqual([]);
    bench.pass(1);
    send = async () => {
      throw new Error('Request failed with status 503');
    };
    await told();
    bench.pass(25 * 60);
    await told();
    await expect(outcomes()).resolves.toEqual(['approval gaveUp']);
    send = recovered;
    bench.pass(60);
    await expect(told()).resolves.toEqual([]);
  });

  it('sends nothing while it is switched off, and nothing of that time later', async () => {
    await toProduction();
    await expect(told(sender({ enabled: false }))).resolves.toEqual([]);
    await expect(outcomes()).resolves.toEqual(['approval switchedOff']);
    await expect(told()).resolves.toEqual([]);
  });

  it('tells nobody of another tenant, whatever the directory says', async () => {
    await toProduction();
    const { userRef } = member('ana');
    Object.assign(member('ana'), { userRef: 'user:borealis/ana' });
    try {
      await expect(told()).resolves.toEqual([]);
      await expect(outcomes()).resolves.toEqual(['approval due']);
    } finally {
      Object.assign(member('ana'), { userRef });
    }
  });

  describe('of drift', () => {
    /** Drift that a scan found, and its notice. */
    async function drifts(
      more: { class?: string; mutedUntil?: Date } = {},
    ): Promise<string> {
      const at = bench.now();
      const { rows } = await bench.admin.query(
        `insert into portico_promotions.drift
           (tenant, component, environment, class, path, reason, source, first_seen_at,
            last_seen_at, muted_until)
         values ($1, $2, 'prod', $3, $4, 'Its image was changed by hand.', 'test', $5, $5, $6)
         returning id`,
        [
          tenant,
          component,
          more.class ?? 'liveDrift',
          String(Math.random()),
          at,
          more.mutedUntil ?? null,
        ],
      );
      await bench.testDatabase.database.inTenant(tenant, transaction =>
        openStores(transaction, tenant).notices.add({
          kind: 'drift',
          key: `drift ${rows[0].id}`,
          component,
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
      await expect(told()).resolves.toEqual([]);
      bench.pass(6);
      await expect(told()).resolves.toEqual([
        {
          to: ['ana', 'ben', 'cat', 'dan', 'kim', 'vera'].map(ref),
          title: `service-${count} does not run in prod as it is declared`,
          description: 'Its image was changed by hand. And 1 more.',
          link: `/catalog/${tenant}/component/service-${count}/delivery`,
          severity: 'normal',
          topic: 'drift',
          scope: `drift:${component}:prod`,
        },
      ]);
      const { rows } = await bench.admin.query(
        `select class, told_at is not null as told from portico_promotions.drift
          where component = $1 order by class`,
        [component],
      );
      expect(rows.map(row => [row.class, row.told])).toEqual([
        ['liveDrift', true],
        ['liveDrift', true],
        ['pendingChange', false],
      ]);
    });

    it('tells the administrators where nobody owns it, and nobody when it is over', async () => {
      owner = 'group:default/platform';
      await drifts();
      bench.pass(6);
      await expect(told()).resolves.toMatchObject([{ to: [ref('olaf')] }]);
      const id = await drifts();
      await bench.admin.query(
        'update portico_promotions.drift set resolved_at = $1 where id = $2',
        [bench.now(), id],
      );
      bench.pass(6);
      await expect(told()).resolves.toEqual([]);
    });

    it('waits until a mute is over', async () => {
      const hour = 3_600_000;
      await drifts({ mutedUntil: new Date(bench.now().getTime() + hour) });
      bench.pass(6);
      await expect(told()).resolves.toEqual([]);
      bench.pass(60);
      await expect(told()).resolves.toHaveLength(1);
    });
  });
});
