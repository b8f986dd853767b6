import { payloadDigest } from '@portico/plugin-audit-node';
import { type Observation } from '@portico/plugin-promotions-common';
import { type EffectRunner, type Proposer } from '../EngineParts';

/** Something that was written for a promotion. */
export interface Written {
  promotion: string;
  component: string;
  environment: string;
  release: string;
  subject: string;
  approvedBy: readonly string[];
}

/** A deployment repository and what runs, in memory: looks for its marker, then acts. */
export class DeployedWorld implements Proposer, EffectRunner {
  readonly written: Written[] = [];
  /** What the next effects end with instead. */
  readonly troubles: Array<'throws' | 'fails' | 'waits'> = [];
  health: Observation['health'] = 'healthy';
  /** Releases that do not become healthy. */
  readonly ill = new Set<string>();
  /** What becomes of a wish. */
  steering: (
    wish: Parameters<EffectRunner['steer']>[1],
  ) => ReturnType<EffectRunner['steer']> = async () => ({
    state: 'refused',
    reason: 'The test has no rollout',
  });
  readonly #bases = new Map<string, number>();
  readonly #acting = new Set<string>();
  /** Targets that two promotions, or two engines, changed at the same time. */
  readonly collisions: string[] = [];

  constructor(private readonly now: () => Date) {}

  /** Somebody else changes the files of a component in an environment. */
  touch(component: string, environment: string): void {
    const target = `${component} ${environment}`;
    this.#bases.set(target, (this.#bases.get(target) ?? 0) + 1);
  }

  async propose({
    target,
    stage,
    release,
    kind,
  }: Parameters<Proposer['propose']>[0]) {
    const { component, environment } = target;
    const commit = this.#base(component, environment);
    const subject = {
      release: release.id,
      component,
      environment,
      kind,
      base: commit,
      files: [{ path: 'kustomization.yaml', digest: release.id }],
      stage: payloadDigest(JSON.parse(JSON.stringify(stage))),
    };
    return {
      subject,
      digest: payloadDigest(subject),
      base: { branch: 'main', commit },
      before: [],
      after: [],
    };
  }

  async run(
    options: Parameters<EffectRunner['run']>[0],
  ): ReturnType<EffectRunner['run']> {
    const { promotion, subject } = options;
    const target = `${promotion.component} ${promotion.environment}`;
    if (this.#acting.has(target)) {
      this.collisions.push(target);
    }
    this.#acting.add(target);
    try {
      return await this.#run(options, target, payloadDigest(subject));
    } finally {
      this.#acting.delete(target);
    }
  }

  async observe(
    target: Parameters<EffectRunner['observe']>[0],
  ): Promise<Observation | undefined> {
    if (target.delivery.driver === 'git') {
      return undefined;
    }
    const running = this.written.findLast(
      one =>
        one.component === target.component &&
        one.environment === target.environment,
    );
    return {
      health: running ? this.#healthOf(running) : 'missing',
      reason: 'as the test says',
      running: running ? [{ name: 'image', digest: running.release }] : [],
      source: 'test',
      observedAt: this.now().toISOString(),
    };
  }

  async steer(
    ...[, wish]: Parameters<EffectRunner['steer']>
  ): ReturnType<EffectRunner['steer']> {
    return this.steering(wish);
  }

  #healthOf({ release }: Written): Observation['health'] {
    return this.ill.has(release) ? 'degraded' : this.health;
  }

  async #run(
    { promotion, subject, approvedBy }: Parameters<EffectRunner['run']>[0],
    target: string,
    digest: string,
  ): ReturnType<EffectRunner['run']> {
    const { component, environment } = promotion;
    const found = this.written.some(one => one.promotion === promotion.id);
    // Between looking and acting there is time for somebody else to do the same.
    await new Promise(resolve => setImmediate(resolve));
    if (found) {
      return { state: 'done', revision: this.#base(component, environment) };
    }
    switch (this.troubles.shift()) {
      case 'throws':
        throw new Error('The test broke it');
      case 'fails':
        return { state: 'failed', reason: 'The test refuses it' };
      case 'waits':
        return {
          state: 'waiting',
          reason: 'The test waits',
          askAgainAt: new Date(this.now().getTime() + 60_000),
        };
      case undefined:
        break;
      default:
        throw new Error('Unknown trouble');
    }
    if (subject.base !== this.#base(component, environment)) {
      return { state: 'stale', reason: 'The files changed since' };
    }
    this.written.push({
      promotion: promotion.id,
      component,
      environment,
      release: promotion.release.id,
      subject: digest,
      approvedBy,
    });
    this.#bases.set(target, (this.#bases.get(target) ?? 0) + 1);
    return { state: 'done', revision: this.#base(component, environment) };
  }

  #base(component: string, environment: string): string {
    const count = this.#bases.get(`${component} ${environment}`) ?? 0;
    return count.toString(16).padStart(40, '0');
  }
}
