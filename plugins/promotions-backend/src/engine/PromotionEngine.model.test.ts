import { recordedActs } from '@portico/plugin-audit-node/testUtils';
import { isEnd, type Promotion } from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import { openStores } from '../store/openStores';
import { EngineBench, leads, tenant } from './__testUtils__/EngineBench';

jest.setTimeout(300_000);

const voters = ['ana', 'ben', 'cat', 'kim'] as const;
const QUORUM = 2;

/** What can happen to one component, in any order. */
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ what: 'announce' as const }) },
  { weight: 4, arbitrary: fc.constant({ what: 'request' as const }) },
  {
    weight: 10,
    arbitrary: fc.record({
      what: fc.constant('vote' as const),
      who: fc.constantFrom(...voters),
      decision: fc.constantFrom(
        ...Array<'approve'>(8).fill('approve'),
        'reject' as const,
        'withdraw' as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ what: 'edit' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'freeze' as const }) },
  { weight: 3, arbitrary: fc.constant({ what: 'thaw' as const }) },
  { weight: 1, arbitrary: fc.constant({ what: 'cancel' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('groups' as const),
      who: fc.constantFrom(...voters),
      member: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('trouble' as const),
      trouble: fc.constantFrom(
        'throws' as const,
        'waits' as const,
        'fails' as const,
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      // hours back are a clock that was put right
      minutes: fc.constantFrom(1, 6, 60, -60),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('ill' as const),
      isIll: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ what: 'settle' as const }) },
  { weight: 3, arbitrary: fc.constant({ what: 'replicas' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constant('kill' as const),
      transaction: fc.integer({ min: 1, max: 25 }),
      side: fc.constantFrom('before' as const, 'afterItCommitted' as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant('race' as const),
      who: fc.constantFrom(...voters),
    }),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

/** A vote that was taken. */
interface Taken {
  promotion: string;
  voter: string;
  decision: string;
  subject: string;
}

describe('the engine, whatever happens', () => {
  let bench: EngineBench;
  beforeAll(async () => {
    bench = await EngineBench.create();
    for (const stage of bench.stages.filter(({ name }) => name === 'staging')) {
      stage.automaticRollback = true;
    }
  });
  afterAll(() => bench?.destroy());

  let run = 0;

  class Story {
    readonly component = `component:${tenant}/story-${(run += 1)}`;
    readonly taken: Taken[] = [];
    #versions = 0;
    #release: string | undefined;

    async happens(one: Happening): Promise<void> {
      switch (one.what) {
        case 'announce':
          this.#versions += 1;
          this.#release = (
            await bench.announce(this.component, `${this.#versions}.0.0`)
          ).id;
          return;
        case 'request':
          await this.#refusable(() =>
            bench.service.request(
              {
                component: this.component,
                environment: 'prod',
                release: this.#release ?? `sha256:${'0'.repeat(64)}`,
              },
              bench.person('kim'),
            ),
          );
          return;
        case 'vote':
          await this.vote(one.who, one.decision);
          return;
        case 'edit':
          bench.world.touch(this.component, 'prod');
          return;
        case 'freeze':
          await bench.service.stop(
            { reason: 'An incident' },
            bench.person('dan'),
          );
          return;
        case 'thaw':
          await this.thaw();
          return;
        case 'cancel': {
          const open = await this.#openInProduction();
          await this.#refusable(() =>
            bench.service.cancel(
              { id: open?.id ?? '', reason: 'Not today' },
              bench.person('kim'),
            ),
          );
          return;
        }
        case 'groups':
          bench.join(one.who, one.member ? [leads] : []);
          return;
        case 'trouble':
          bench.world.troubles.push(one.trouble);
          return;
        case 'ill':
          bench.world.health = one.isIll ? 'degraded' : 'healthy';
          return;
        case 'pass':
          bench.pass(one.minutes);
          return;
        case 'settle':
          await bench.settle();
          return;
        case 'replicas': {
          const due = await bench.due();
          await Promise.all(
            [bench.engine(), bench.engine()].flatMap(({ engine }) =>
              due.map(id => engine.advance({ tenant, id })),
            ),
          );
          return;
        }
        case 'kill':
          await bench.settle(one);
          return;
        case 'race':
          await Promise.all([this.vote(one.who, 'reject'), bench.settle()]);
          return;
        default:
          one satisfies never;
      }
    }

    /** Everybody is back, the line runs, and three people approve what is open. */
    async endsWell(): Promise<void> {
      for (const name of voters) {
        bench.join(name, [leads]);
      }
      bench.world.troubles.length = 0;
      await bench.forgetTheDead();
      await this.thaw();
      await this.happens({ what: 'request' });
      await bench.settle();
      for (const name of voters) {
        await this.vote(name, 'approve');
      }
    }

    async thaw(): Promise<void> {
      const stops = await bench.testDatabase.database.inTenant(
        tenant,
        transaction => openStores(transaction, tenant).stops.open(),
      );
      for (const { id } of stops) {
        await bench.service.lift({ id }, bench.person('dan'));
      }
    }

    async vote(
      who: string,
      decision: 'approve' | 'reject' | 'withdraw',
    ): Promise<void> {
      const open = await this.#openInProduction();
      const subject = open?.subject;
      if (!open || !subject) {
        return;
      }
      const { ref } = bench.person(who);
      await this.#refusable(async () => {
        await bench.service.vote(
          { promotion: open.id, decision, subject },
          bench.person(who),
        );
        this.taken.push({ promotion: open.id, voter: ref, decision, subject });
      });
    }

    async #openInProduction(): Promise<Promotion | undefined> {
      return (await bench.promotions(this.component))
        .filter(one => one.environment === 'prod' && !isEnd(one.phase))
        .at(-1);
    }

    /** Refusals are what the service is for; anything else is an error. */
    async #refusable(fn: () => Promise<unknown>): Promise<void> {
      try {
        await fn();
      } catch (error) {
        if (
          !['ConflictError', 'InputError', 'NotFoundError'].includes(
            (error as Error).name,
          )
        ) {
          throw error;
        }
      }
    }
  }

  /** Who were leads when the gates were asked right before the beginning, by promotion. */
  function watchBeginnings(): Map<string, string[]> {
    const leadsAt = new Map<string, string[]>();
    bench.onAsked = ({ promotion, moment }) => {
      if (moment === 'beforeEffects') {
        leadsAt.set(
          promotion.id,
          [...bench.members.values()]
            .filter(({ groups }) => groups.includes(leads))
            .map(({ userRef }) => userRef),
        );
      }
    };
    return leadsAt;
  }

  async function check(
    story: Story,
    leadsAt: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const { world } = bench;
    expect(world.collisions).toEqual([]);
    const written = world.written.filter(
      one => one.component === story.component,
    );
    // never twice
    expect(new Set(written.map(one => one.promotion)).size).toBe(
      written.length,
    );
    // never without the quorum, and never with the requester in it
    for (const one of written.filter(
      ({ environment }) => environment === 'prod',
    )) {
      const votes = story.taken.filter(
        vote =>
          vote.promotion === one.promotion && vote.subject === one.subject,
      );
      const isLead = (ref: string) =>
        leadsAt.get(one.promotion)?.includes(ref) ?? false;
      const last = new Map(votes.map(vote => [vote.voter, vote.decision]));
      const approving = [...last].filter(
        ([voter, decision]) =>
          decision === 'approve' &&
          isLead(voter) &&
          voter !== `user:${tenant}/kim`,
      );
      expect(approving.length).toBeGreaterThanOrEqual(QUORUM);
      expect(
        votes.filter(vote => vote.decision === 'reject' && isLead(vote.voter)),
      ).toEqual([]);
      expect(one.approvedBy).not.toContain(`user:${tenant}/kim`);
      expect(one.approvedBy.length).toBe(QUORUM);
    }
    // what is taken back is taken back once
    const promotions = await bench.promotions(story.component);
    expect(
      promotions
        .filter(({ phase }) => phase === 'rolledBack')
        .map(({ supersededBy }) => supersededBy),
    ).toEqual(
      promotions
        .filter(({ kind, automatic }) => kind === 'rollback' && automatic)
        .map(({ id }) => id),
    );
    // each step once, in a row, with its entry in the audit
    const acts = await recordedActs(bench.testDatabase.database);
    for (const promotion of promotions) {
      const transitions = await bench.testDatabase.database.inTenant(
        tenant,
        transaction =>
          openStores(transaction, tenant).history.transitionsOf(promotion.id),
      );
      expect(transitions.map(({ sequence }) => sequence)).toEqual(
        transitions.map((_, index) => index + 1),
      );
      expect(transitions.slice(1).map(({ from }) => from)).toEqual(
        transitions.slice(0, -1).map(({ to }) => to),
      );
      expect(transitions.at(-1)?.to).toBe(promotion.phase);
      const entries = acts.filter(
        ({ act, subject }) =>
          subject.ref === promotion.id &&
          act.startsWith('promotions.promotion.'),
      );
      expect(entries).toHaveLength(transitions.length);
      expect(isEnd(promotion.phase)).toBe(promotion.endedAt !== undefined);
    }
  }

  /** Everything is repaired, and time passes: then nothing may be stuck. */
  async function comesToRest(story: Story): Promise<void> {
    bench.world.troubles.length = 0;
    bench.world.health = 'healthy';
    await bench.forgetTheDead();
    for (let turn = 0; turn < 3; turn += 1) {
      bench.pass(11);
      await bench.settle();
    }
    for (const { phase, environment } of await bench.promotions(
      story.component,
    )) {
      expect([environment, isEnd(phase) ? 'end' : phase]).toEqual([
        environment,
        expect.stringMatching(/^(?:end|waiting)$/),
      ]);
    }
  }

  it('deploys once, with the quorum, and leaves nothing behind', async () => {
    const counts = { stories: 0, produced: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.array(happening, { minLength: 10, maxLength: 30 }),
        async happenings => {
          const leadsAt = watchBeginnings();
          for (const name of voters) {
            bench.join(name, [leads]);
          }
          const story = new Story();
          await story.happens({ what: 'announce' });
          await story.happens({ what: 'settle' });
          await story.happens({ what: 'request' });
          await story.happens({ what: 'settle' });
          for (const one of happenings) {
            await story.happens(one);
          }
          await story.endsWell();
          await comesToRest(story);
          await check(story, leadsAt);
          counts.stories += 1;
          counts.produced += bench.world.written.filter(
            one =>
              one.component === story.component && one.environment === 'prod',
          ).length;
        },
      ),
      { numRuns: Number(process.env.PORTICO_MODEL_RUNS ?? 8) },
    );
    // stories in which nothing ever happens would prove nothing
    expect(counts.produced).toBeGreaterThan(0);
  });
});
