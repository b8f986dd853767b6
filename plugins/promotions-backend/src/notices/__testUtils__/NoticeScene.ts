import { mockServices } from '@backstage/backend-test-utils';
import { type NotificationService } from '@backstage/plugin-notifications-node';
import { type PorticoDatabase } from '@portico/database';
import { type Promotion } from '@portico/plugin-promotions-common';
import {
  EngineBench,
  leads,
  tenant,
} from '../../engine/__testUtils__/EngineBench';
import { NoticeComposer } from '../NoticeComposer';
import { NoticeSender } from '../NoticeSender';

type Sent = Parameters<NotificationService['send']>[0];

export const ref = (name: string) => `user:${tenant}/${name}`;

/** An engine's bench with people of all sorts, and a service that takes what is told. */
export class NoticeScene {
  static async create(): Promise<NoticeScene> {
    const scene = new NoticeScene(await EngineBench.create());
    // Somebody who only looks on, a machine, and an administrator of no group.
    scene.bench.join('vera', [leads]);
    scene.bench.join('bot-ci', [leads]);
    scene.bench.join('olaf', []);
    Object.assign(scene.member('vera'), { roles: ['viewer'] });
    Object.assign(scene.member('bot-ci'), { kind: 'machine' });
    Object.assign(scene.member('olaf'), { roles: ['tenant-admin'] });
    return scene;
  }

  readonly sent: Sent[] = [];
  /** What the service does with a notification. */
  send: (notification: Sent) => Promise<void> = this.takes;
  owner = leads;
  /** Who owns what depends on the component, or why nobody can tell. */
  dependants: string[] | Error = [];
  component = '';
  #count = 0;

  private constructor(readonly bench: EngineBench) {}

  /** The service as it should be. */
  get takes(): (notification: Sent) => Promise<void> {
    return async notification => {
      this.sent.push(notification);
    };
  }

  get name(): string {
    return `service-${this.#count}`;
  }

  /** A component of its own, with nothing left to tell of earlier ones. */
  async begin(): Promise<void> {
    this.#count += 1;
    this.component = `component:${tenant}/${this.name}`;
    this.owner = leads;
    this.dependants = [];
    this.send = this.takes;
    await this.bench.settle();
    await this.bench.admin.query(
      `update portico_promotions.notices
          set settled_at = now(), outcome = 'needless' where settled_at is null`,
    );
  }

  member(name: string) {
    const found = this.bench.members.get(ref(name));
    if (!found) {
      throw new Error(`There is no ${name}`);
    }
    return found;
  }

  sender(options: { enabled?: boolean; database?: PorticoDatabase } = {}) {
    const { bench } = this;
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
            relations: [{ type: 'ownedBy', targetRef: this.owner }],
          }),
          dependants: async () => {
            if (this.dependants instanceof Error) {
              throw this.dependants;
            }
            return { count: 1, owners: this.dependants };
          },
        },
        now: bench.now,
      }),
      notifications: { send: notification => this.send(notification) },
      enabled,
      logger: mockServices.logger.mock(),
      now: bench.now,
    });
  }

  /** What is sent now. */
  async told(one = this.sender()) {
    this.sent.length = 0;
    while (await one.send()) {
      // there may be more
    }
    return this.sent.map(({ recipients, payload }) => ({
      to:
        recipients.type === 'entity'
          ? [recipients.entityRef].flat().sort()
          : recipients.type,
      ...payload,
    }));
  }

  /** A release that kim asks for in production, where two people have to approve. */
  async toProduction(version = '1.0.0'): Promise<Promotion> {
    const { bench, component } = this;
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

  /** Has its first gate tell the owners of dependants. */
  async inform(id: string): Promise<void> {
    await this.bench.admin.query(
      `update portico_promotions.promotions
          set stage = jsonb_set(stage, '{gates,0,options,informs}', '["owners:dependants"]')
        where id = $1`,
      [id],
    );
  }

  async vote(
    name: string,
    decision: 'approve' | 'reject' = 'approve',
  ): Promise<void> {
    const { bench, component } = this;
    const { id, subject = '' } = await bench.newest(component, 'prod');
    await bench.service.vote(
      { promotion: id, decision, subject },
      bench.person(name),
    );
    await bench.settle();
  }

  /** What became of the notices of the component. */
  async outcomes(): Promise<string[]> {
    const { rows } = await this.bench.admin.query(
      `select kind || ' ' || coalesce(outcome, 'due') as said
         from portico_promotions.notices where component = $1 order by made_at, kind`,
      [this.component],
    );
    return rows.map(({ said }) => said);
  }
}
