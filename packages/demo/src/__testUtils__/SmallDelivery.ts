import {
  type LineStop,
  type PromotionDetail,
  type Release,
  type Vote,
} from '@portico/plugin-promotions-common';

const AT = '2026-11-21T11:00:00Z';
const digest = (character: string) => `sha256:${character.repeat(64)}`;

/** What a portal knows of releases and promotions, as far as the demo asks. */
export class SmallDelivery {
  /** Refs of promoted components. */
  readonly asked = new Map<string, PromotionDetail>();
  readonly stops = new Map<string, LineStop>();
  /** Looks at releases until there is a real one; before that there are samples. */
  looksUntilRelease = 1;

  answer(
    method: string,
    address: string,
    body: unknown,
    userRef: string,
  ): { status: number; body?: unknown } {
    const url = new URL(address, 'http://portal.example');
    const path = url.pathname.replace('/api/promotions', '');
    const component = url.searchParams.get('component') ?? '';
    const tenant = /^user:(\w+)\//.exec(userRef)?.[1] ?? '';
    const wish = Object(body);
    if (path === '/releases') {
      this.looksUntilRelease -= 1;
      return ok({
        items: [release(component, this.looksUntilRelease > 0)],
      });
    }
    if (path === '/windows') {
      return ok({
        occurrences: [],
        stops: [this.stops.get(tenant)].filter(stop => stop !== undefined),
        now: [],
      });
    }
    if (path === '/stops') {
      const stop: LineStop = {
        id: '0b7e9a53-6f0f-4a10-9d5c-1d0e7a6c1111',
        scope: 'tenant',
        environment: wish.environment,
        reason: wish.reason,
        by: userRef,
        since: AT,
      };
      this.stops.set(tenant, stop);
      return ok(stop);
    }
    if (path === '/promotions' && method === 'POST') {
      const detail = promotionOf(wish, userRef, this.asked.size);
      this.asked.set(wish.component, detail);
      return ok(detail.promotion);
    }
    if (path === '/promotions') {
      const found = this.asked.get(component);
      const environment = url.searchParams.get('environment') ?? '';
      const { promotion } = promotionOf({ component, environment }, userRef, 9);
      return ok({
        items: [found?.promotion ?? { ...promotion, sample: true }],
      });
    }
    const id = path.split('/')[2];
    const detail = [...this.asked.values()].find(
      ({ promotion }) => promotion.id === id,
    );
    if (detail && method === 'POST') {
      const vote: Vote = {
        voter: userRef,
        decision: wish.decision,
        subject: wish.subject,
        at: AT,
      };
      detail.votes.push({ ...vote, standing: 'counts' });
    }
    return detail ? ok(detail) : { status: 404, body: {} };
  }
}

function ok(body: unknown): { status: number; body: unknown } {
  return { status: 200, body };
}

function release(component: string, sample = false): Release {
  return {
    id: digest(sample ? 'c' : 'a'),
    content: { component, version: '1', images: [], charts: [] },
    announcedBy: 'plugin:local-runtime',
    announcedAt: AT,
    found: 'localRuntime',
    sample,
  };
}

function promotionOf(
  wish: { component: string; environment: string },
  requestedBy: string,
  number: number,
): PromotionDetail {
  const may = { allowed: true, why: 'Because' };
  return {
    promotion: {
      id: `0b7e9a53-6f0f-4a10-9d5c-1d0e7a6c000${number}`,
      component: wish.component,
      environment: wish.environment,
      kind: 'promote',
      release: release(wish.component),
      phase: 'waiting',
      revision: 2,
      reason: 'Waits for people',
      requestedBy,
      automatic: false,
      requestedAt: AT,
      subject: digest('b'),
      expiresAt: AT,
      overridden: false,
      sample: false,
    },
    stage: {
      pipelineRefs: ['pipeline:default/default'],
      environmentRef: 'environment:default/prod',
      environment: {
        owner: 'group:default/platform',
        order: 300,
        tier: 'production',
        protected: true,
        delivery: {
          driver: 'local',
          repository: { host: 'portico', name: 'deployments' },
          file: { format: 'kustomize', path: 'kustomization.yaml' },
          write: 'commit',
          timeout: 'PT15M',
        },
      },
      gates: [],
      automatic: false,
      strategy: 'rolling',
      editors: [],
    },
    subjectChanges: [],
    transitions: [],
    gates: [],
    approvals: [],
    votes: [],
    excluded: [],
    effects: [],
    overrides: [],
    may: {
      approve: may,
      reject: may,
      withdraw: may,
      cancel: may,
      breakGlass: may,
      confirmBreakGlass: may,
      review: may,
      rollBack: may,
    },
  };
}
