import { payloadDigest } from '@portico/plugin-audit-node';
import {
  type Deployment,
  type Drift,
  type PromotionKind,
} from '@portico/plugin-promotions-common';
import {
  type SampleComponent,
  type SampleDeployment,
  type SampleHistory,
  type SampleRelease,
} from './SampleHistory';
import { SamplePromotionTale } from './SamplePromotionTale';
import { type SampleEnvironment, sampleStages } from './sampleStages';
import { type SeededRandom } from './SeededRandom';
import { whenAtWork } from './workingHours';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How the team of a component works. */
interface Habits {
  /** Share of the promotions to production that do not come to run. */
  failing: number;
  /** Share of those that run and are taken back. */
  regretted: number;
  /** Hours from the first commit to the release. */
  writing: number;
}

const goals = [
  'Answers faster when many ask at once.',
  'Tells what is missing instead of failing.',
  'Takes less memory.',
  'Says in its log whose request it was.',
  'Uses the newest libraries.',
  'Shows amounts in the right currency.',
];

/** Tells what happened to one component, release by release. */
export class SampleComponentTale {
  readonly #component: SampleComponent;
  readonly #random: SeededRandom;
  readonly #end: Date;
  readonly #habits: Habits;
  readonly #runs = new Map<SampleEnvironment, SampleRelease>();
  /** When the last promotion to an environment was over. */
  readonly #freeAt = new Map<SampleEnvironment, number>();
  readonly #history: SampleHistory = {
    releases: [],
    promotions: [],
    deployments: [],
    drift: [],
  };

  /** @param options.end - nothing happens after it */
  constructor(options: {
    component: SampleComponent;
    random: SeededRandom;
    end: Date;
  }) {
    this.#component = options.component;
    this.#random = options.random;
    this.#end = options.end;
    this.#habits = {
      failing: this.#random.between(0.02, 0.14),
      regretted: this.#random.between(0, 0.09),
      writing: this.#random.between(3, 60),
    };
  }

  get history(): SampleHistory {
    return this.#history;
  }

  /** A release that goes as far as it gets; one that would not be over in time is left out. */
  release(announcedAt: Date): void {
    const random = this.#random;
    const author = random.pick(this.#component.developers);
    const firstCommitAt = new Date(
      announcedAt.getTime() -
        random.between(0.3, 2) * this.#habits.writing * HOUR,
    );
    const inDev = announcedAt.getTime() + random.between(60, 90) * SECOND;
    const inStaging = inDev + random.between(60, 120) * SECOND;
    if (inStaging + HOUR > this.#end.getTime()) {
      return;
    }
    const release = this.#announce(announcedAt, author);
    this.#automatic('dev', release, announcedAt, new Date(inDev));
    const isWell = !random.chance(0.05);
    this.#automatic(
      'staging',
      release,
      new Date(inDev + SECOND),
      new Date(inStaging),
      isWell,
    );
    if (isWell && random.chance(0.7)) {
      this.#ship(release, { author, firstCommitAt, from: new Date(inStaging) });
    }
  }

  /** Somebody changes what runs by hand, and it is set right again. */
  drift(at: Date): void {
    const hours = this.#random.between(0.5, 30);
    const resolvedAt = new Date(at.getTime() + hours * HOUR);
    if (resolvedAt > this.#end) {
      return;
    }
    const wasPatched = this.#random.chance(0.5);
    this.#history.drift.push({
      id: this.#random.uuidAt(at),
      component: this.#component.ref,
      environment: this.#random.pick(['staging', 'prod']),
      class: 'liveDrift',
      resource: `apps/Deployment ${nameOf(this.#component.ref)}`,
      path: wasPatched
        ? 'spec.replicas'
        : 'spec.template.spec.containers[0].env',
      declared: wasPatched ? '2' : 'LOG_LEVEL=info',
      live: wasPatched ? '3' : 'LOG_LEVEL=debug',
      reason: 'It was changed where it runs; what is declared did not change',
      firstSeenAt: at.toISOString(),
      lastSeenAt: resolvedAt.toISOString(),
      resolvedAt: resolvedAt.toISOString(),
      source: 'sample history of the demo',
      sample: true,
    } satisfies Drift);
  }

  #announce(at: Date, by: string): SampleRelease {
    const content = {
      component: this.#component.ref,
      version: `1.${this.#history.releases.length + 1}.0`,
      images: [
        {
          name: `sample.invalid/${nameOf(this.#component.ref)}`,
          digest: this.#random.digest(),
        },
      ],
      charts: [],
    };
    const release: SampleRelease = {
      id: payloadDigest(content),
      content,
      announcedBy: by,
      announcedAt: at.toISOString(),
    };
    this.#history.releases.push(release);
    return release;
  }

  #automatic(
    environment: 'dev' | 'staging',
    release: SampleRelease,
    at: Date,
    endedAt: Date,
    isWell = true,
  ): void {
    const tale = this.#begin({ environment, kind: 'promote', release, at });
    tale.pass(seconds(at, 1));
    this.#act(tale, {
      environment,
      kind: 'promote',
      release,
      begunAt: seconds(at, 2),
      endedAt,
      isWell,
      by: 'plugin:promotions',
    });
  }

  /** Has a release promoted to production, if people let it, and deals with what follows. */
  #ship(
    release: SampleRelease,
    from: { author: string; firstCommitAt: Date; from: Date },
  ): void {
    const random = this.#random;
    const { author, firstCommitAt } = from;
    const at = whenAtWork(
      new Date(
        Math.max(
          from.from.getTime() + random.between(0.2, 6) * HOUR,
          (this.#freeAt.get('prod') ?? 0) + 10 * MINUTE,
        ),
      ),
    );
    const decidedAt = whenAtWork(
      new Date(at.getTime() + random.between(4, 240) * MINUTE),
    );
    const begunAt = seconds(decidedAt, 2);
    const days = (this.#end.getTime() - decidedAt.getTime()) / (24 * HOUR);
    if (days < 0.1) {
      return;
    }
    const others = this.#component.developers.filter(ref => ref !== author);
    const by = random.pick([author, ...others]);
    const wish = { environment: 'prod', kind: 'promote', release } as const;
    const comment = random.pick(goals);
    const tale = this.#begin({ ...wish, at, by, comment });
    const fate = random.next();
    if (fate < 0.04) {
      tale.wait(at);
      tale.step('cancel', decidedAt, 'Another release comes instead', by);
      this.#over(tale, 'prod', decidedAt);
      return;
    }
    const approver = random.pick(approversOf(this.#component));
    if (fate < 0.08) {
      tale.wait(at);
      const why = 'The change of the database has to come first';
      tale.vote(approver, 'reject', decidedAt, why);
      tale.step('reject', decidedAt, why, approver);
      this.#over(tale, 'prod', decidedAt);
      return;
    }
    tale.wait(at).approve(approver, decidedAt);
    // What goes wrong at the very end could not be set right in time.
    const mayFail = this.#runs.has('prod') && days > 4;
    const isWell = !(mayFail && random.chance(this.#habits.failing));
    const endedAt = isWell
      ? seconds(begunAt, random.between(40, 100))
      : new Date(begunAt.getTime() + 15 * MINUTE);
    const before = this.#runs.get('prod');
    this.#act(tale, { ...wish, begunAt, endedAt, isWell, by, firstCommitAt });
    if (
      before &&
      (!isWell || (mayFail && random.chance(this.#habits.regretted)))
    ) {
      this.#rollBack(
        before,
        isWell
          ? whenAtWork(
              new Date(endedAt.getTime() + random.between(1, 20) * HOUR),
            )
          : new Date(endedAt.getTime() + random.between(3, 70) * MINUTE),
      );
      if (isWell) {
        release.rejected = {
          by: approver,
          at: endOf(this.#history).toISOString(),
          reason: 'It loses requests while it starts',
        };
      }
    }
  }

  #rollBack(release: SampleRelease, at: Date): void {
    const random = this.#random;
    const by = random.pick(this.#component.developers);
    const approver = random.pick(approversOf(this.#component));
    const decidedAt = new Date(at.getTime() + random.between(1, 25) * MINUTE);
    const begunAt = seconds(decidedAt, 2);
    const wish = { environment: 'prod', kind: 'rollback', release } as const;
    const tale = this.#begin({
      ...wish,
      at,
      by,
      comment: 'People notice: back to what worked.',
    });
    tale.wait(at).approve(approver, decidedAt);
    this.#act(tale, {
      ...wish,
      begunAt,
      endedAt: seconds(begunAt, random.between(30, 90)),
      isWell: true,
      by,
    });
  }

  #begin(request: {
    environment: SampleEnvironment;
    kind: PromotionKind;
    release: SampleRelease;
    at: Date;
    by?: string;
    comment?: string;
  }): SamplePromotionTale {
    const before = this.#runs.get(request.environment);
    const { at } = request;
    return new SamplePromotionTale({
      ...request,
      id: this.#random.uuidAt(at),
      component: this.#component.ref,
      ...(before && { before: before.id }),
    }).step('evaluate', at, 'Its gates are asked');
  }

  /** From the beginning to what became of it, with the deployment that it is. */
  #act(
    tale: SamplePromotionTale,
    act: {
      environment: SampleEnvironment;
      kind: 'promote' | 'rollback';
      release: SampleRelease;
      begunAt: Date;
      endedAt: Date;
      isWell: boolean;
      by: string;
      firstCommitAt?: Date;
    },
  ): void {
    const { environment, release, begunAt, endedAt, isWell } = act;
    tale
      .step('begin', begunAt, 'It is its turn, and the gates passed again')
      .step(
        'effectsDone',
        seconds(begunAt, 3),
        'The deployment repository says so; it comes to run',
      );
    if (isWell) {
      tale.step('verify', endedAt, 'It runs and is healthy');
      this.#runs.set(environment, release);
    } else {
      tale.step('fail', endedAt, 'Not in time: it does not answer healthily');
    }
    const { id } = this.#over(tale, environment, endedAt);
    this.#history.deployments.push({
      id: this.#random.uuidAt(endedAt),
      component: this.#component.ref,
      environment,
      tier: sampleStages[environment].environment.tier,
      release: release.id,
      version: release.content.version,
      result: isWell ? 'succeeded' : 'failed',
      kind: act.kind,
      source: 'promotion',
      promotion: id,
      initiatedBy: act.by,
      ...(act.firstCommitAt && { firstCommitAt: act.firstCommitAt }),
      startedAt: begunAt.toISOString(),
      finishedAt: endedAt.toISOString(),
      sample: true,
    } satisfies Deployment & SampleDeployment);
  }

  #over(
    tale: SamplePromotionTale,
    environment: SampleEnvironment,
    at: Date,
  ): { id: string } {
    const promotion = tale.told();
    this.#history.promotions.push(promotion);
    this.#freeAt.set(environment, at.getTime());
    return promotion;
  }
}

/** Whoever may have written a commit of it cannot approve. */
export function approversOf({
  approvers,
  developers,
}: SampleComponent): string[] {
  return approvers.filter(ref => !developers.includes(ref));
}

function nameOf(ref: string): string {
  return ref.slice(ref.indexOf('/') + 1);
}

function seconds(at: Date, count: number): Date {
  return new Date(at.getTime() + Math.round(count * SECOND));
}

function endOf({ promotions }: SampleHistory): Date {
  return promotions[promotions.length - 1].endedAt;
}
