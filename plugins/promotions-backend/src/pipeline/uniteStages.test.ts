import {
  approvalGateOptionsSchema,
  durationMilliseconds,
  durationSchema,
  type EnvironmentSpec,
  freezeGateOptionsSchema,
  type FreezeWindow,
  type FrozenGate,
  gateNameSchema,
  judgeApproval,
  type Vote,
  type Voter,
  windowOccurrences,
} from '@portico/plugin-promotions-common';
import { defineGate, type Gate } from '@portico/plugin-promotions-node';
import fc from 'fast-check';
import { z } from 'zod';
import { type ResolvedStage } from '../engine/EngineParts';
import { builtInGates } from '../gates/builtInGates';
import { type DeclaredStage } from './DeclaredPipeline';
import { uniteStages } from './uniteStages';

// What is made up here is judged thousands of times.
jest.setTimeout(120_000);

const kinds = new Map<string, Gate>(
  [
    ...builtInGates,
    defineGate({
      kind: 'metric',
      options: z.strictObject({ below: z.number() }),
      evaluate: async () => ({ outcome: 'passed', reason: '', evidence: {} }),
    }),
  ].map(gate => [gate.kind, gate]),
);

const production: EnvironmentSpec = {
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
};
const staging: EnvironmentSpec = {
  ...production,
  order: 200,
  tier: 'test',
  protected: false,
};

const approval = (...rules: Array<[string, string, number]>) => ({
  name: 'approval',
  kind: 'approval',
  rules: rules.map(([name, from, required]) => ({
    name,
    from: [from],
    required,
  })),
});

function unite(
  platform: DeclaredStage[],
  own?: DeclaredStage[],
  environments: {
    platform?: Record<string, EnvironmentSpec>;
    own?: Record<string, EnvironmentSpec>;
  } = { platform: { staging, prod: production } },
): ResolvedStage[] {
  const names = new Set(
    [environments.platform, environments.own].flatMap(specs =>
      Object.keys(specs ?? {}),
    ),
  );
  const declared = (
    namespace: string,
    name: string,
    spec: EnvironmentSpec | undefined,
  ) => spec && { ref: `environment:${namespace}/${name}`, spec };
  return uniteStages({
    tenant: 'aurora',
    platform: { ref: 'pipeline:default/default', stages: platform },
    own: own && { ref: 'pipeline:aurora/default', stages: own },
    environments: new Map(
      [...names].map(name => [
        name,
        {
          platform: declared('default', name, environments.platform?.[name]),
          tenant: declared('aurora', name, environments.own?.[name]),
        },
      ]),
    ),
    kinds,
    editors: [],
  });
}

const soak = (duration: string) => ({
  name: 'soak',
  kind: 'soak',
  environment: 'staging',
  duration,
});
const prod: DeclaredStage = {
  environment: 'prod',
  gates: [approval(['approver', 'role:approver', 1]), soak('PT10M')],
};

describe('a tenant’s pipeline', () => {
  it('adds rules, lengthens a soak, and says who asks for what', () => {
    const [stage] = unite(
      [prod],
      [
        {
          environment: 'prod',
          gates: [
            approval(
              ['approver', 'role:approver', 2],
              ['owners', 'group:aurora/checkout', 1],
            ),
            soak('PT5M'),
            { name: 'errors', kind: 'metric', below: 0.1 },
          ],
        },
      ],
    );
    expect(stage.pipelineRefs).toEqual([
      'pipeline:default/default',
      'pipeline:aurora/default',
    ]);
    expect(stage.gates).toEqual([
      {
        name: 'approval',
        kind: 'approval',
        requiredBy: 'pipeline:aurora/default',
        options: {
          authors: 'excluded',
          rules: [
            { name: 'approver', from: ['role:approver'], required: 2 },
            { name: 'owners', from: ['group:aurora/checkout'], required: 1 },
          ],
        },
      },
      {
        name: 'soak',
        kind: 'soak',
        requiredBy: 'pipeline:default/default',
        options: {
          environment: 'staging',
          duration: 'PT10M',
          health: 'required',
        },
      },
      {
        name: 'errors',
        kind: 'metric',
        requiredBy: 'pipeline:aurora/default',
        options: { below: 0.1 },
      },
    ]);
  });

  it('is asked beside the platform’s where neither includes the other', () => {
    const window = (effect: 'allow' | 'deny', name: string) => ({
      name,
      effect,
      start: '2026-01-05T09:00:00',
      timeZone: 'Europe/Berlin',
      duration: 'PT8H',
      recurrence: 'FREQ=DAILY',
    });
    const gates = (
      first: Array<ReturnType<typeof window>>,
      second: Array<ReturnType<typeof window>>,
    ) =>
      unite(
        [
          {
            environment: 'staging',
            gates: [{ name: 'freeze', kind: 'freeze', windows: first }],
          },
        ],
        [
          {
            environment: 'staging',
            gates: [{ name: 'freeze', kind: 'freeze', windows: second }],
          },
        ],
      )[0].gates.map(({ name, options }) => [
        name,
        freezeGateOptionsSchema.parse(options).windows.map(one => one.name),
      ]);
    expect(gates([window('allow', 'a')], [window('deny', 'b')])).toEqual([
      ['freeze', ['a', 'b']],
    ]);
    expect(gates([window('allow', 'a')], [window('allow', 'b')])).toEqual([
      ['freeze', ['a']],
      ['freeze-aurora', ['b']],
    ]);
  });

  it('takes over what it leaves out', () => {
    const platform: DeclaredStage = {
      environment: 'staging',
      automatic: true,
      gates: [],
      expiresAfter: 'P1D',
      strategy: 'canary',
    };
    const rest = { strategy: 'canary', automatic: true, expiresAfter: 'P1D' };
    expect(unite([platform])[0]).toMatchObject(rest);
    expect(
      unite([platform], [{ environment: 'staging', gates: [] }])[0],
    ).toMatchObject(rest);
    expect(
      unite(
        [platform],
        [
          {
            environment: 'staging',
            gates: [],
            automatic: false,
            expiresAfter: 'PT4H',
            strategy: 'rolling',
          },
        ],
      )[0],
    ).toMatchObject({
      strategy: 'canary',
      automatic: false,
      expiresAfter: 'PT4H',
    });
  });

  it('adds stages and environments of its own, each at the place of its environment', () => {
    const stages = unite(
      [prod, { environment: 'staging', gates: [] }],
      [{ environment: 'edge', gates: [], automatic: true }],
      {
        platform: { staging, prod: production },
        own: {
          edge: { ...staging, order: 250 },
          // It cannot move before the platform's staging, nor become a lesser one.
          prod: { ...production, order: 1, tier: 'test', protected: false },
        },
      },
    );
    expect(
      stages.map(({ name, environmentRef, automatic, environment }) => [
        name,
        environmentRef,
        automatic,
        environment.order,
        environment.tier,
        environment.protected,
      ]),
    ).toEqual([
      ['staging', 'environment:default/staging', false, 200, 'test', false],
      ['edge', 'environment:aurora/edge', true, 250, 'test', false],
      ['prod', 'environment:aurora/prod', false, 300, 'production', true],
    ]);
  });

  it('never has an automatic stage of a protected environment', () => {
    const automatic = { ...prod, automatic: true };
    expect(unite([automatic])[0].automatic).toBe(false);
    expect(unite([automatic], [automatic])[0].automatic).toBe(false);
  });

  it.each<[boolean | undefined, boolean | undefined, true | undefined]>([
    [undefined, undefined, undefined],
    [true, undefined, true],
    [undefined, true, true],
    [true, false, undefined],
    [false, true, undefined],
  ])(
    'rolls back by itself where one wants it and neither says no: %s and %s',
    (platform, own, expected) => {
      const [stage] = unite(
        [{ ...prod, automaticRollback: platform }],
        [{ environment: 'prod', gates: [], automaticRollback: own }],
      );
      expect(stage.automaticRollback).toBe(expected);
    },
  );

  it('asks of a rollback what the platform asks of one, and its own', () => {
    const rollbackGates = (platform: DeclaredStage, own?: DeclaredStage) =>
      unite([platform], own && [own])[0].rollbackGates.map(({ name }) => name);
    expect(rollbackGates(prod)).toEqual(['approval']);
    const errors = { name: 'errors', kind: 'metric', below: 1 };
    expect(
      rollbackGates(prod, {
        environment: 'prod',
        gates: [soak('PT1H'), errors],
      }),
    ).toEqual(['approval', 'errors']);
    expect(
      rollbackGates(prod, {
        environment: 'prod',
        gates: [],
        rollbackGates: [],
      }),
    ).toEqual(['approval']);
    expect(
      rollbackGates(
        { ...prod, rollbackGates: [] },
        { environment: 'prod', gates: [], rollbackGates: [errors] },
      ),
    ).toEqual(['errors']);
  });
});

describe('what is wrong', () => {
  const wrong = (own: DeclaredStage[]) => () => unite([prod], own);

  it('is told with pipeline, stage, gate and field', () => {
    expect(
      wrong([
        {
          environment: 'prod',
          gates: [{ name: 'score', kind: 'scorecard' }],
        },
      ]),
    ).toThrow(
      'pipeline:aurora/default, stage "prod", gate "score": no gate of the kind "scorecard" is installed; expected one of approval, checks, freeze, health, metric, soak',
    );
    expect(
      wrong([
        {
          environment: 'prod',
          gates: [{ ...approval(['a', 'role:approver', 1]), requierd: 2 }],
        },
      ]),
    ).toThrow(
      /^pipeline:aurora\/default, stage "prod", gate "approval": .*requierd/s,
    );
    expect(wrong([{ environment: 'prod', gates: [soak('soon')] }])).toThrow(
      /stage "prod", gate "soak": .*duration/s,
    );
    expect(wrong([{ environment: 'moon', gates: [] }])).toThrow(
      'pipeline:aurora/default, stage "moon": there is no environment "moon"',
    );
    expect(() =>
      unite([{ environment: 'prod', gates: [soak('PT1M')] }]),
    ).toThrow(
      'pipeline:default/default, stage "prod": environment:default/prod is protected, and no gate asks for an approval',
    );
  });
});

/* What follows knows nothing of how gates are united: it only asks them. */

const voters: Voter[] = ['ann', 'bob', 'cat', 'dan'].map((name, index) => ({
  ref: `user:aurora/${name}`,
  kind: 'person',
  belongsTo: [
    ...(index % 2 === 0 ? ['role:approver'] : []),
    ...(index < 3 ? ['group:aurora/one'] : []),
    ...(index > 1 ? ['group:aurora/two'] : []),
  ],
}));
const subject = `sha256:${'0'.repeat(64)}`;
const start = Date.parse('2026-03-01T00:00:00Z');

const votes = fc
  .array(
    fc.record({
      voter: fc.constantFrom(...voters.map(({ ref }) => ref)),
      decision: fc.constantFrom<Vote['decision']>(
        ...Array<'approve'>(12).fill('approve'),
        'reject',
        'withdraw',
      ),
      minutes: fc.integer({ min: 0, max: 600 }),
      signedIn: fc.option(fc.integer({ min: 0, max: 120 })),
    }),
    { maxLength: 8 },
  )
  .map(all =>
    all
      .sort((one, other) => one.minutes - other.minutes)
      .map(
        ({ voter, decision, minutes, signedIn }): Vote => ({
          voter,
          decision,
          subject,
          at: new Date(start + minutes * 60_000).toISOString(),
          ...(signedIn !== null && {
            authenticatedAt: new Date(
              start + (minutes - signedIn) * 60_000,
            ).toISOString(),
          }),
        }),
      ),
  );

interface Situation {
  votes: Vote[];
  now: Date;
  /** Milliseconds in each environment, and whether it was seen to be healthy. */
  soaked: Record<string, number>;
  observed: boolean;
  errors: number;
  /** Whether it can be told what is rendered. */
  manifestsKnown: boolean;
}
const situation: fc.Arbitrary<Situation> = fc.record({
  votes,
  now: fc
    .integer({ min: 600, max: 20_000 })
    .map(minutes => new Date(start + minutes * 60_000)),
  soaked: fc.record({
    dev: fc.integer({ min: 0, max: 20_000_000 }),
    staging: fc.integer({ min: 0, max: 20_000_000 }),
  }),
  observed: fc.boolean(),
  manifestsKnown: fc.boolean(),
  errors: fc.integer({ min: 0, max: 5 }),
});

/** Whether a gate would pass; as its module does it, as far as options matter. */
function passes({ kind, options }: FrozenGate, seen: Situation): boolean {
  switch (kind) {
    case 'approval': {
      const gate = approvalGateOptionsSchema.parse(options);
      const excluded = new Set(
        gate.authors === 'excluded' ? ['user:aurora/cat'] : [],
      );
      return (
        (seen.manifestsKnown || gate.manifests === 'signedIfKnown') &&
        judgeApproval({
          gate,
          votes: seen.votes,
          subject,
          voters,
          excluded,
          now: seen.now,
        }).outcome === 'passed'
      );
    }
    case 'freeze': {
      const { windows } = freezeGateOptionsSchema.parse(options);
      const end = new Date(seen.now.getTime() + 1);
      const active = (one: FreezeWindow) =>
        windowOccurrences(one, seen.now, end).length > 0;
      const allow = windows.filter(({ effect }) => effect === 'allow');
      return (
        !windows.some(one => one.effect === 'deny' && active(one)) &&
        (allow.length === 0 || allow.some(active))
      );
    }
    case 'soak':
      return (
        seen.soaked[String(options.environment)] >=
          durationMilliseconds(durationSchema.parse(options.duration)) &&
        (seen.observed || options.health === 'notNeeded')
      );
    case 'metric':
      return seen.errors < Number(options.below);
    default:
      throw new Error(`Nobody made a gate of the kind ${kind}`);
  }
}

const duration = fc.constantFrom('PT10M', 'PT1H', 'PT3H', 'P1D');
const name = fc.constantFrom('a', 'b', 'c').map(letter => `gate-${letter}`);
const gate = fc.oneof(
  fc.record(
    {
      name,
      kind: fc.constant('approval'),
      rules: fc.uniqueArray(
        fc.record({
          name: fc.constantFrom('first', 'second'),
          from: fc.constantFrom(
            ['role:approver'],
            ['group:aurora/one'],
            ['group:aurora/one', 'group:aurora/two'],
          ),
          required: fc.integer({ min: 1, max: 2 }),
        }),
        { minLength: 1, maxLength: 2, selector: rule => rule.name },
      ),
      expiresAfter: duration,
      signedInWithin: duration,
      authors: fc.constantFrom('excluded', 'excludedIfKnown'),
      manifests: fc.constantFrom('signed', 'signedIfKnown'),
    },
    { requiredKeys: ['name', 'kind', 'rules'] },
  ),
  fc.record({
    name,
    kind: fc.constant('freeze'),
    windows: fc.array(
      fc.record({
        name: fc.constantFrom('one', 'two'),
        effect: fc.constantFrom('allow', 'deny'),
        start: fc.constantFrom('2026-03-01T06:00:00', '2026-03-04T18:00:00'),
        timeZone: fc.constantFrom('Europe/Berlin', 'America/New_York'),
        duration: fc.constantFrom('PT3H', 'PT12H', 'P2D'),
        recurrence: fc.constantFrom('FREQ=DAILY', 'FREQ=WEEKLY'),
      }),
      { maxLength: 2 },
    ),
  }),
  fc.record(
    {
      name,
      kind: fc.constant('soak'),
      environment: fc.constantFrom('dev', 'staging'),
      duration,
      health: fc.constantFrom('required', 'notNeeded'),
    },
    { requiredKeys: ['name', 'kind', 'environment', 'duration'] },
  ),
  fc.record({
    name,
    kind: fc.constant('metric'),
    below: fc.integer({ min: 0, max: 5 }),
  }),
);
const gates = fc.uniqueArray(gate, {
  maxLength: 3,
  selector: one => one.name,
});
const stage = fc.record(
  {
    environment: fc.constant('prod'),
    automatic: fc.boolean(),
    gates,
    rollbackGates: gates,
    expiresAfter: duration,
    strategy: fc.constantFrom('rolling' as const, 'canary' as const),
  },
  { requiredKeys: ['environment', 'gates'] },
);
const environment = fc.record({
  order: fc.integer({ min: 0, max: 400 }),
  tier: fc.constantFrom(
    'development' as const,
    'test' as const,
    'production' as const,
  ),
});
const approved = approval(['base', 'role:approver', 1]);
const tiers = ['development', 'test', 'production'];

describe('whatever a tenant writes', () => {
  it.each([
    ['PT1H', undefined, 'PT1H'],
    ['PT1H', 'P1D', 'PT1H'],
    ['PT1H', 'PT60M', 'PT1H'],
    ['PT1H', 'PT10M', 'PT10M'],
    [undefined, 'PT10M', 'PT10M'],
    [undefined, undefined, undefined],
  ])(
    'a sign-in within %s is never made one within a longer time by %s: %s',
    (platform, own, expected) => {
      const people = (signedInWithin: string | undefined) => [
        {
          environment: 'staging',
          gates: [
            {
              ...approval(['leads', 'role:approver', 1]),
              ...(signedInWithin && { signedInWithin }),
            },
          ],
        },
      ];
      const [{ gates: united, rollbackGates }] = unite(
        people(platform),
        people(own),
      );
      for (const asked of [united, rollbackGates]) {
        expect(asked.map(({ options }) => options.signedInWithin)).toEqual([
          expected,
        ]);
      }
    },
  );

  it('a gate of one name and kind asks for what both ask for', () => {
    let letThrough = 0;
    const pair = fc
      .tuple(gate, gate)
      .filter(([one, other]) => one.kind === other.kind)
      .map(pairOf => pairOf.map(one => ({ ...one, name: 'gate' })));
    fc.assert(
      fc.property(
        pair,
        fc.array(situation, { minLength: 12, maxLength: 12 }),
        ([one, other], situations) => {
          const gatesOf = (...stages: object[][]) => {
            const [base, own] = stages.map(declared => [
              { environment: 'staging', gates: declared as typeof prod.gates },
            ]);
            return unite(base, own)[0].gates;
          };
          const [first] = gatesOf([one]);
          const [second] = gatesOf([other]);
          const united = gatesOf([one], [other]);
          for (const seen of situations) {
            const isOpen = united.every(each => passes(each, seen));
            letThrough += isOpen ? 1 : 0;
            expect(
              isOpen && !(passes(first, seen) && passes(second, seen)),
            ).toBe(false);
          }
        },
      ),
      { numRuns: 150 },
    );
    expect(letThrough).toBeGreaterThan(100);
  });

  it('the united stage is at least as strict as the platform’s, and as the tenant’s', () => {
    let letThrough = 0;
    fc.assert(
      fc.property(
        stage,
        stage,
        fc.record({ platform: environment, own: environment }),
        fc.record({ platform: fc.boolean(), own: fc.option(fc.boolean()) }),
        fc.array(situation, { minLength: 6, maxLength: 6 }),
        (platform, own, specs, protection, situations) => {
          const base = {
            ...platform,
            gates: [approved, ...platform.gates],
          };
          const environments = {
            platform: {
              prod: {
                ...production,
                ...specs.platform,
                protected: protection.platform,
              },
            },
            own:
              protection.own === null
                ? undefined
                : {
                    prod: {
                      ...production,
                      ...specs.own,
                      protected: protection.own,
                    },
                  },
          };
          const [before] = unite([base], undefined, {
            platform: environments.platform,
          });
          const [wish] = unite(
            [{ ...own, gates: [approved, ...own.gates] }],
            undefined,
            {
              platform: environments.platform,
            },
          );
          const [after] = unite([base], [own], environments);

          for (const seen of situations) {
            for (const key of ['gates', 'rollbackGates'] as const) {
              const open = after[key].every(one => passes(one, seen));
              letThrough += open ? 1 : 0;
              const asked = [
                ...before[key],
                ...wish[key].filter(({ name: of }) => of !== 'approval'),
              ];
              expect(
                open ? asked.filter(one => !passes(one, seen)) : [],
              ).toEqual([]);
            }
          }
          const names = after.gates.map(one => one.name);
          expect(new Set(names).size).toBe(names.length);
          for (const one of after.gates) {
            expect(gateNameSchema.safeParse(one.name).success).toBe(true);
            expect(kinds.get(one.kind)?.checkOptions(one.options)).toEqual(
              one.options,
            );
          }
          expect(after.automatic && !before.automatic).toBe(false);
          expect(after.automatic && after.environment.protected).toBe(false);
          expect(
            before.environment.protected && !after.environment.protected,
          ).toBe(false);
          expect(tiers.indexOf(after.environment.tier)).toBeGreaterThanOrEqual(
            tiers.indexOf(before.environment.tier),
          );
          expect(after.environment.order).toBe(before.environment.order);
          expect(durationMilliseconds(after.expiresAfter)).toBeLessThanOrEqual(
            durationMilliseconds(before.expiresAfter),
          );
          expect(
            before.strategy === 'canary' && after.strategy === 'rolling',
          ).toBe(false);
        },
      ),
      { numRuns: 200 },
    );
    // or it would not have said anything
    expect(letThrough).toBeGreaterThan(20);
  });
});
