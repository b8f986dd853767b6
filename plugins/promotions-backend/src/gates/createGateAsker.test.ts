import { createHash } from 'node:crypto';
import { mockServices } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import { canonicalJson } from '@portico/plugin-audit-common';
import {
  type FrozenGate,
  type GateResult,
} from '@portico/plugin-promotions-common';
import {
  defineGate,
  type GateAnswer,
  type GateQuestion,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import {
  now,
  promotion,
  release,
  stage,
  subject,
  subjectDigest,
} from '@portico/plugin-promotions-node/testUtils';
import { judgeGates } from '../engine/judgeGates';
import { createGateAsker } from './createGateAsker';
import { freezeGate } from './freezeGate';
import { type GateSources } from './GateSources';

const noSources: GateSources = {
  votes: async () => [],
  members: async () => [],
  authors: async () => [],
  stops: async () => [],
  deployments: async () => [],
  observe: async () => undefined,
  component: async () => {
    throw new Error('not in this test');
  },
  dependants: async () => ({ count: 0, owners: [] }),
};
const passed: GateAnswer = { outcome: 'passed', reason: 'Yes.', evidence: {} };
const frozen = (name: string, kind = 'test'): FrozenGate => ({
  name,
  kind,
  options: {},
  requiredBy: 'pipeline:default/default',
});
const testGate = (
  evaluate: (question: GateQuestion<object>) => Promise<GateAnswer>,
  kind = 'test',
) => defineGate({ kind, options: z.strictObject({}), evaluate });

/** Asks one gate called `gate`; a freeze gate stands beside it so that none is added. */
async function askOne(
  evaluate: (question: GateQuestion<object>) => Promise<GateAnswer>,
  more: {
    before?: GateResult[];
    at?: Date;
    timeoutMilliseconds?: number;
    sources?: Partial<GateSources>;
    logger?: { warn(message: string): void };
  } = {},
) {
  const { before = [], at = now, sources, ...rest } = more;
  const [result] = await createGateAsker({
    gates: [testGate(evaluate), freezeGate],
    sources: { ...noSources, ...sources },
    logger: mockServices.logger.mock(),
    ...rest,
  }).ask({
    tenant: 'aurora',
    promotion,
    stage,
    gates: [
      frozen('gate'),
      { ...frozen('open', 'freeze'), options: { windows: [] } },
    ],
    subject,
    subjectDigest,
    moment: 'asked',
    now: at,
    before,
  });
  return result;
}

const digestOf = (value: GateResult['evidence']) =>
  `sha256:${createHash('sha256').update(canonicalJson(value)).digest('hex')}`;

describe('createGateAsker', () => {
  it('says what a gate said, on what, because of which rule and since when', async () => {
    await expect(
      askOne(async ({ tenant, gate, options, moment }) => ({
        ...passed,
        evidence: { tenant, gate, options: { ...options }, moment },
        validUntil: new Date('2026-11-21T13:00:00.000Z'),
      })),
    ).resolves.toEqual({
      gate: 'gate',
      kind: 'test',
      requiredBy: 'pipeline:default/default',
      outcome: 'passed',
      reason: 'Yes.',
      evidence: {
        tenant: 'aurora',
        gate: 'gate',
        options: {},
        moment: 'asked',
      },
      evidenceDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      subject: subjectDigest,
      evaluatedAt: now.toISOString(),
      since: now.toISOString(),
      validUntil: '2026-11-21T13:00:00.000Z',
      askAgainAt: '2026-11-21T13:00:00.000Z',
    });
  });

  it('keeps the digest of the evidence', async () => {
    const result = await askOne(async () => ({
      ...passed,
      evidence: {
        b: 2,
        a: [1, undefined, { c: undefined }],
      } as GateAnswer['evidence'],
    }));
    expect(result?.evidence).toEqual({ a: [1, null, {}], b: 2 });
    expect(result?.evidenceDigest).toBe(digestOf(result?.evidence ?? {}));
  });

  it('cuts evidence that is too large, and says so', async () => {
    const result = await askOne(async () => ({
      ...passed,
      evidence: { text: 'é"'.repeat(100_000) },
    }));
    expect(result?.outcome).toBe('passed');
    expect(result?.evidence).toMatchObject({
      cut: true,
      bytes: 400_011,
      note: 'Cut: it had 400011 bytes, 8192 are kept at most.',
      beginning: expect.stringMatching(/^\{"text":"é\\"é/),
    });
    expect(
      Buffer.byteLength(JSON.stringify(result?.evidence)),
    ).toBeLessThanOrEqual(8 * 1024);
    expect(result?.evidenceDigest).toBe(digestOf(result?.evidence ?? {}));
  });

  it.each<[string, () => Promise<GateAnswer>, string]>([
    [
      'is told why',
      async () => {
        throw new ServiceUnavailableError('Sonar does not answer');
      },
      'Sonar does not answer',
    ],
    [
      'throws what nobody expected, which may hold anything',
      async () => {
        throw new TypeError('cannot read hunter2 of undefined');
      },
      'The gate could not tell because of an unexpected error (TypeError)',
    ],
    [
      'throws no error',
      async () => {
        throw 'hunter2'; // eslint-disable-line no-throw-literal -- modules can
      },
      'The gate could not tell, and did not say why',
    ],
    [
      'answers what no gate can',
      async () =>
        ({ ...passed, outcome: 'overridden' } as unknown as GateAnswer), // what a module in JavaScript could do
      'The gate answered in a form that does not fit: its module is wrong',
    ],
    [
      'answers half a character',
      async () => ({ ...passed, evidence: { text: '\uD800' } }),
      'A text with half a character has no canonical JSON',
    ],
    [
      'says a yes that is over',
      async () => ({ ...passed, validUntil: now }),
      'The gate said yes, but not for now: its yes is over already',
    ],
  ])('never passes a gate that %s', async (_, evaluate, reason) => {
    await expect(askOne(evaluate)).resolves.toMatchObject({
      outcome: 'unanswered',
      reason,
      evidence: {},
      askAgainAt: '2026-11-21T12:00:15.000Z',
    });
  });

  it('never passes a gate that does not answer, and tells it to stop', async () => {
    let aborted = false;
    await expect(
      askOne(
        async ({ signal }) => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
          return new Promise<GateAnswer>(() => {});
        },
        { timeoutMilliseconds: 20 },
      ),
    ).resolves.toMatchObject({
      outcome: 'unanswered',
      reason: 'The gate did not answer within 0.02 s',
    });
    expect(aborted).toBe(true);
  });

  it('tells no secret, neither in the reason nor in the log', async () => {
    const warn = jest.fn();
    const result = await askOne(
      async () => {
        throw new ServiceUnavailableError(
          `https://portico:hunter2@opa.example refused Bearer abcdefghijkl\n${'x'.repeat(
            5_000,
          )}`,
        );
      },
      { logger: { warn } },
    );
    expect(result?.reason).toContain('opa.example');
    expect(result?.reason.length).toBeLessThanOrEqual(1_000);
    const told = `${result?.reason}${warn.mock.calls}`;
    expect(warn).toHaveBeenCalledTimes(1);
    expect(told).not.toContain('hunter2');
    expect(told).not.toContain('abcdefghijkl');
  });

  it('asks all gates at the same time', async () => {
    let waiting = 0;
    let letGo = () => {};
    const both = new Promise<void>(resolve => {
      letGo = resolve;
    });
    const gate = testGate(async () => {
      waiting += 1;
      if (waiting === 2) {
        letGo();
      }
      await both;
      return passed;
    });
    const results = await createGateAsker({
      gates: [gate],
      sources: noSources,
      logger: mockServices.logger.mock(),
    }).ask({
      tenant: 'aurora',
      promotion: { ...promotion, kind: 'rollback' },
      stage,
      gates: [frozen('one'), frozen('other'), frozen('third', 'missing')],
      subject,
      subjectDigest,
      moment: 'asked',
      now,
      before: [],
    });
    expect(results.map(({ gate: name, outcome }) => [name, outcome])).toEqual([
      ['one', 'passed'],
      ['other', 'passed'],
      ['third', 'unanswered'],
    ]);
    expect(results[2]?.reason).toBe(
      'No gate of the kind "missing" is installed, so nobody can answer it: install its module, or take the gate out of pipeline:default/default',
    );
  });

  describe('since', () => {
    const earlier = '2026-11-21T10:00:00.000Z';
    const before = (outcome: GateResult['outcome']): GateResult[] => [
      {
        gate: 'gate',
        kind: 'test',
        requiredBy: 'pipeline:default/default',
        outcome,
        reason: 'Before.',
        evidence: {},
        evidenceDigest: subjectDigest,
        subject: subjectDigest,
        evaluatedAt: earlier,
        since: earlier,
      },
    ];

    it.each<[GateResult['outcome'], 'waiting' | 'passed', string]>([
      ['waiting', 'waiting', earlier],
      ['passed', 'passed', earlier],
      ['unanswered', 'waiting', now.toISOString()],
      ['passed', 'waiting', now.toISOString()],
      ['overridden', 'waiting', earlier],
      ['overridden', 'passed', now.toISOString()],
    ])('after %s, %s counts from %s', async (last, outcome, since) => {
      await expect(
        askOne(async () => ({ ...passed, outcome }), { before: before(last) }),
      ).resolves.toMatchObject({ outcome, since });
    });

    it('is asked less often the longer nobody can tell, and hands on what it said', async () => {
      const result = await askOne(
        async ({ previous }) => {
          throw new ServiceUnavailableError(previous?.reason ?? 'nothing');
        },
        {
          before: before('unanswered'),
          at: new Date('2026-11-21T10:04:00.000Z'),
        },
      );
      expect(result).toMatchObject({
        reason: 'Before.',
        since: earlier,
        askAgainAt: '2026-11-21T10:06:00.000Z',
      });
      await expect(
        askOne(
          async () => {
            throw new ServiceUnavailableError('Down');
          },
          { before: before('unanswered') },
        ),
      ).resolves.toMatchObject({ askAgainAt: '2026-11-21T12:05:00.000Z' });
    });
  });

  describe('facts', () => {
    it('are those of the tenant and component of the promotion', async () => {
      const asked: unknown[] = [];
      const note =
        <T>(answer: T) =>
        async (of: unknown) => {
          asked.push(of);
          return answer;
        };
      const robin = {
        userRef: 'user:aurora/robin',
        displayName: 'Robin',
        kind: 'person' as const,
        email: 'Robin@Aurora.example',
        roles: ['approver' as const],
        groups: ['group:aurora/checkout'],
      };
      let facts: unknown;
      await askOne(
        async question => {
          facts = {
            voters: await question.facts.voters(),
            authors: await question.facts.authors(),
            votes: await question.facts.votes(),
            stops: await question.facts.stops(),
            deployments: await question.facts.deployments('staging'),
            observed: await question.facts.observe('staging'),
            checks: await question.facts.checks(),
          };
          return passed;
        },
        {
          sources: {
            members: note([robin]),
            authors: note([
              { name: 'R', email: 'robin@aurora.example' },
              { name: 'R', email: 'robin@aurora.invalid' },
              { name: 'X', email: 'robin@borealis.invalid' },
            ]),
            votes: note([]),
            deployments: note([]),
          },
        },
      );
      expect(facts).toMatchObject({
        voters: [
          {
            ref: 'user:aurora/robin',
            belongsTo: ['group:aurora/checkout', 'role:approver'],
          },
        ],
        authors: [
          { ref: 'user:aurora/robin' },
          { ref: 'user:aurora/robin' },
          { email: 'robin@borealis.invalid' },
        ],
        checks: [],
      });
      expect(asked).toContainEqual({ tenant: 'aurora', id: promotion.id });
      expect(asked).toContainEqual({
        tenant: 'aurora',
        component: 'component:aurora/checkout',
        environment: 'staging',
      });
    });

    it('cannot be had of the checks of a release without a commit', async () => {
      const bare = release('a');
      const [result] = await createGateAsker({
        gates: [
          testGate(async ({ facts }) => {
            await facts.checks();
            return passed;
          }),
        ],
        sources: noSources,
        logger: mockServices.logger.mock(),
      }).ask({
        tenant: 'aurora',
        promotion: {
          ...promotion,
          release: { ...bare, content: { ...bare.content, source: undefined } },
        },
        stage,
        gates: [frozen('gate')],
        subject,
        subjectDigest,
        moment: 'asked',
        now,
        before: [],
      });
      expect(result).toMatchObject({
        outcome: 'unanswered',
        reason:
          'The release 1.0.a does not say from which commit it was built: announce it with its source',
      });
    });
  });

  describe('the line', () => {
    const stop = {
      id: '0190f1f0-0000-7000-8000-000000000002',
      scope: 'tenant' as const,
      reason: 'Incident 12',
      by: 'user:aurora/vera',
      since: '2026-11-21T11:00:00.000Z',
    };
    const ask = (kind: 'promote' | 'rollback', gates: FrozenGate[]) =>
      createGateAsker({
        gates: [freezeGate],
        sources: { ...noSources, stops: async () => [stop] },
        logger: mockServices.logger.mock(),
      }).ask({
        tenant: 'aurora',
        promotion: { ...promotion, kind },
        stage,
        gates,
        subject,
        subjectDigest,
        moment: 'asked',
        now,
        before: [],
      });

    it('stops a stage that asks nothing as well', async () => {
      await expect(ask('promote', [])).resolves.toMatchObject([
        {
          gate: 'stop-the-line',
          requiredBy: 'platform',
          outcome: 'waiting',
          reason: 'user:aurora/vera stopped the line: Incident 12',
        },
      ]);
    });

    it('is waited for, though the stage does not name it', async () => {
      const verdict = judgeGates({
        gates: [],
        asked: await ask('promote', []),
        subjectDigest,
        overrides: [],
        now,
      });
      expect(verdict).toMatchObject({
        outcome: 'waiting',
        reason: expect.stringContaining('vera stopped the line: Incident 12'),
      });
    });

    it('is asked about once, and for a rollback only where its gates do', async () => {
      await expect(
        ask('promote', [frozen('freeze', 'freeze')]),
      ).resolves.toHaveLength(1);
      await expect(ask('rollback', [])).resolves.toEqual([]);
      await expect(
        ask('rollback', [frozen('freeze', 'freeze')]),
      ).resolves.toMatchObject([{ outcome: 'waiting' }]);
    });
  });
});
