import { mockCredentials } from '@backstage/backend-test-utils';
import {
  AuthenticationError,
  ConflictError,
  NotFoundError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { createMockActionContext } from '@backstage/plugin-scaffolder-node-test-utils';
import {
  type Deployment,
  type Promotion,
  type PromotionPhase,
  type RequestPromotion,
} from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';
import { createPromotionGateAction } from './createPromotionGateAction';

const KIM = 'user:aurora/kim';
const COMPONENT = 'component:aurora/checkout';

function digest(character: string): string {
  return `sha256:${character.repeat(64)}`;
}

function deployment(
  environment: string,
  release: string,
  result: Deployment['result'] = 'succeeded',
): Deployment {
  return {
    id: '0b7e9a53-6f0f-4a10-9d5c-1d0e7a6c1111',
    component: COMPONENT,
    environment,
    tier: 'production',
    release,
    result,
    kind: 'promote',
    source: 'promotion',
    initiatedBy: KIM,
    startedAt: '2026-01-01T00:00:00Z',
    finishedAt: '2026-01-01T00:00:00Z',
    sample: false,
  };
}

/** Promotions that go through these phases, one each time that somebody looks. */
class Promotions {
  phases: PromotionPhase[] = ['ready'];
  deployed: Deployment[] = [];
  problem: Error | undefined;
  readonly requests: Array<{ request: RequestPromotion; by: PromotionActor }> =
    [];
  looks = 0;
  readonly #ids = new Map<string, string>();

  async request(request: RequestPromotion, by: PromotionActor) {
    if (this.problem) {
      throw this.problem;
    }
    this.requests.push({ request, by });
    const key = request.key ?? '';
    const id = this.#ids.get(key) ?? `promotion-${this.#ids.size + 1}`;
    this.#ids.set(key, id);
    return this.#promotion(id, request.release);
  }

  async get({ tenant, id }: { tenant: string; id: string }) {
    if (tenant !== 'aurora') {
      return undefined;
    }
    this.looks += 1;
    return this.#promotion(id, this.requests[0]?.request.release ?? '');
  }

  async deployments({ environment }: { environment?: string }) {
    return this.deployed.filter(one => one.environment === environment);
  }

  #promotion(id: string, release: string): Promotion {
    const [phase] =
      this.phases.length > 1 ? this.phases.splice(0, 1) : this.phases;
    return {
      id,
      component: COMPONENT,
      environment: 'prod',
      kind: 'promote',
      release: {
        id: release,
        content: {
          component: COMPONENT,
          version: '1',
          images: [],
          charts: [],
        },
        announcedBy: KIM,
        announcedAt: '2026-01-01T00:00:00Z',
        found: 'announced',
        sample: false,
      },
      phase,
      revision: 1,
      reason: `It is ${phase}.`,
      requestedBy: KIM,
      automatic: false,
      requestedAt: '2026-01-01T00:00:00Z',
      expiresAt: '2026-01-08T00:00:00Z',
      overridden: false,
      sample: false,
    };
  }
}

function createBench() {
  const promotions = new Promotions();
  const denied = new Set<string>();
  const action = createPromotionGateAction({
    promotions,
    appUrl: 'http://localhost:7007',
    patienceMs: 600,
    permissions: {
      authorize: async requests =>
        requests.map(({ permission }) => ({
          result: denied.has(permission.name)
            ? AuthorizeResult.DENY
            : AuthorizeResult.ALLOW,
        })),
    },
    catalog: {
      getEntityByRef: async (ref, { credentials }) => {
        expect(await credentials).toEqual(mockCredentials.user(KIM));
        return ref === COMPONENT
          ? {
              apiVersion: 'backstage.io/v1alpha1',
              kind: 'Component',
              metadata: { name: 'checkout', namespace: 'aurora' },
            }
          : undefined;
      },
    },
    tenancy: {
      async principal(credentials) {
        const { userEntityRef } = Object(credentials.principal);
        if (userEntityRef !== KIM) {
          throw new AuthenticationError('The session is over');
        }
        return {
          tenant: 'aurora',
          userRef: KIM,
          displayName: 'Kim',
          kind: 'person',
          roles: ['developer'],
          groups: [],
          scopes: [],
          membershipVersion: 1,
        };
      },
    },
  });
  type Input = Parameters<typeof action.handler>[0]['input'];
  const run = async (
    input: Partial<Input>,
    options: {
      task?: string;
      step?: string;
      isDryRun?: boolean;
      userRef?: string;
    } = {},
  ) => {
    const outputs: Record<string, unknown> = {};
    await action.handler({
      ...createMockActionContext({
        input: {
          component: COMPONENT,
          environment: 'environment:default/prod',
          release: digest('a'),
          ...input,
        },
        task: { id: options.task ?? 'task-1' },
      }),
      step: { id: options.step ?? 'gate' },
      isDryRun: options.isDryRun,
      getInitiatorCredentials: async () =>
        mockCredentials.user(options.userRef ?? KIM),
      output: (name: string, value: unknown) => {
        outputs[name] = value;
      },
    });
    return outputs;
  };
  return { promotions, denied, run };
}

describe('portico:promotion:gate', () => {
  it('asks in the name of the initiator and tells what the gates said', async () => {
    const { promotions, run } = createBench();
    promotions.phases = ['pending', 'evaluating', 'ready'];
    expect(await run({ comment: 'For the sale' })).toEqual({
      outcome: 'allowed',
      reasons: ['It is ready.'],
      promotion: 'promotion-1',
      phase: 'ready',
      release: digest('a'),
      url: 'http://localhost:7007/delivery/promotions/promotion-1',
    });
    expect(promotions.requests).toEqual([
      {
        request: {
          component: COMPONENT,
          environment: 'prod',
          kind: 'promote',
          release: digest('a'),
          comment: 'For the sale',
          key: expect.stringMatching(/^scaffolder:[0-9a-f]{64}$/),
        },
        by: {
          tenant: 'aurora',
          ref: KIM,
          context: expect.objectContaining({ correlation: 'task-1' }),
        },
      },
    ]);
  });

  it.each<[PromotionPhase, string]>([
    ['running', 'allowed'],
    ['succeeded', 'allowed'],
    ['waiting', 'waiting'],
    ['rejected', 'refused'],
    ['failed', 'refused'],
    ['errored', 'refused'],
    ['expired', 'refused'],
    ['superseded', 'refused'],
    ['cancelled', 'refused'],
  ])('takes %s for %s', async (phase, outcome) => {
    const { promotions, run } = createBench();
    promotions.phases = [phase];
    expect(await run({})).toMatchObject({ outcome, phase });
    // It does not wait for people.
    expect(promotions.looks).toBe(1);
  });

  it('does not wait longer than its patience for machines either', async () => {
    const { promotions, run } = createBench();
    promotions.phases = ['evaluating'];
    expect(await run({})).toMatchObject({
      outcome: 'waiting',
      phase: 'evaluating',
    });
  });

  it('goes on with the same promotion for the same task and step, or the same key', async () => {
    const { run } = createBench();
    const id = async (...options: Parameters<typeof run>) =>
      (await run(...options)).promotion;
    const first = await id({});
    expect(await id({})).toBe(first);
    expect(await id({}, { step: 'other' })).not.toBe(first);
    expect(await id({}, { task: 'task-2' })).not.toBe(first);
    expect(await id({ environment: 'staging' })).not.toBe(first);
    const keyed = await id({ key: 'sale' });
    expect(keyed).not.toBe(first);
    expect(await id({ key: 'sale' }, { task: 'task-3' })).toBe(keyed);
  });

  it('finds the release that is meant', async () => {
    const { promotions, run } = createBench();
    promotions.deployed = [
      deployment('staging', digest('f'), 'failed'),
      deployment('staging', digest('c')),
      deployment('prod', digest('b')),
      deployment('prod', digest('b')),
      deployment('prod', digest('a')),
    ];
    const asked = async (input: Parameters<typeof run>[0]) => {
      promotions.requests.length = 0;
      await run({ release: undefined, ...input });
      return promotions.requests[0].request.release;
    };
    expect(await asked({ from: 'environment:default/staging' })).toBe(
      digest('c'),
    );
    expect(await asked({ kind: 'rollback' })).toBe(digest('a'));
    expect(await asked({ kind: 'redeploy' })).toBe(digest('b'));
  });

  it('tells a refusal as an outcome, with the reason', async () => {
    const { promotions, run } = createBench();
    promotions.problem = new ConflictError('1.4.2 was rejected for good');
    expect(await run({})).toEqual({
      outcome: 'refused',
      reasons: ['1.4.2 was rejected for good'],
    });
    expect(await run({ release: undefined, from: 'staging' })).toEqual({
      outcome: 'refused',
      reasons: [
        'No release of component:aurora/checkout runs in staging; promote one there first, or name a release',
      ],
    });
  });

  it('changes nothing in a dry run', async () => {
    const { promotions, run } = createBench();
    expect(await run({}, { isDryRun: true })).toEqual({
      outcome: 'waiting',
      reasons: ['Nothing is asked for in a dry run.'],
      release: digest('a'),
    });
    expect(promotions.requests).toEqual([]);
  });

  it('fails for who may not ask, and for what they cannot see', async () => {
    const { promotions, denied, run } = createBench();
    for (const component of [
      'component:borealis/checkout',
      'component:default/portal',
      'component:aurora/hidden',
      'system:aurora/checkout',
    ]) {
      await expect(run({ component })).rejects.toThrow(
        `There is no component '${component}' in 'aurora' that you can see`,
      );
    }
    await expect(run({ environment: '../prod' })).rejects.toThrow(
      'is no environment',
    );
    await expect(run({ release: 'latest' })).rejects.toThrow(
      'expected the id of a release',
    );
    promotions.problem = new NotFoundError('no such stage');
    await expect(run({})).rejects.toThrow('no such stage');
    denied.add('promotions.request');
    await expect(run({})).rejects.toThrow(
      'user:aurora/kim has no permission promotions.request',
    );
    await expect(run({}, { userRef: 'user:aurora/gone' })).rejects.toThrow(
      'The session is over',
    );
    expect(promotions.requests).toEqual([]);
  });
});
