import {
  type Deployment,
  type GateResult,
  type Observation,
} from '@portico/plugin-promotions-common';
import fc from 'fast-check';
import {
  askGate,
  deployment,
  digest,
  now,
  observation,
} from '@portico/plugin-promotions-node/testUtils';
import { soakGate } from './soakGate';
import { longestStay, staysOf } from './stays';

const options = { environment: 'staging', duration: 'PT24H' };
const facts = (
  deployments: Deployment[],
  observed: Observation | undefined = observation('a'),
) => ({
  deployments: async (environment: string) => {
    expect(environment).toBe('staging');
    return deployments;
  },
  observe: async () => observed,
});

describe('soakGate', () => {
  it('sends a release that was never there to the other environment first', async () => {
    await expect(
      askGate(
        soakGate,
        options,
        facts([deployment('b', '2026-11-01T00:00:00Z')]),
      ),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      reason: 'It has not run in staging yet: promote it there first.',
    });
  });

  it('waits until it has run long enough, and says when that is', async () => {
    await expect(
      askGate(
        soakGate,
        options,
        facts([deployment('a', '2026-11-21T00:00:00Z')]),
      ),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      reason:
        'It has run in staging since 2026-11-21 00:00 UTC; that is long enough at 2026-11-22 00:00 UTC.',
      askAgainAt: new Date('2026-11-21T12:05:00Z'),
    });
    await expect(
      askGate(
        soakGate,
        options,
        facts([deployment('a', '2026-11-20T12:00:00Z')]),
      ),
    ).resolves.toMatchObject({ outcome: 'passed' });
  });

  it('counts a stay that is over, without a look at what runs now', async () => {
    await expect(
      askGate(
        soakGate,
        options,
        facts(
          [
            deployment('b', '2026-11-15T00:00:00Z'),
            deployment('a', '2026-11-12T00:00:00Z'),
          ],
          observation('b', { health: 'unknown' }),
        ),
      ),
    ).resolves.toMatchObject({
      outcome: 'passed',
      reason:
        'It ran in staging from 2026-11-12 00:00 UTC to 2026-11-14 23:59 UTC.',
    });
  });

  it('does not count a stay that a rollback ended', async () => {
    await expect(
      askGate(
        soakGate,
        options,
        facts([
          deployment('b', '2026-11-15T00:00:00Z', { kind: 'rollback' }),
          deployment('a', '2026-11-12T00:00:00Z'),
        ]),
      ),
    ).resolves.toMatchObject({
      outcome: 'waiting',
      reason:
        'It does not run in staging any more, and did not for long enough: promote it there again.',
    });
  });

  it.each<[string, Partial<Observation>, string]>([
    [
      'degraded',
      { health: 'degraded', reason: '2 of 3 answer' },
      'It is degraded in staging',
    ],
    [
      'something else',
      { running: [{ name: 'checkout', digest: digest('c') }] },
      'Something else runs',
    ],
  ])('begins anew when it is found %s', async (_, more, reason) => {
    const deployments = [deployment('a', '2026-11-01T00:00:00Z')];
    const ill = await askGate(
      soakGate,
      options,
      facts(deployments, observation('a', more)),
    );
    expect(ill).toMatchObject({
      outcome: 'waiting',
      evidence: { restartedAt: now.toISOString() },
    });
    expect(ill.reason).toContain(reason);
    const later = (hours: number) =>
      askGate(soakGate, options, facts(deployments), {
        now: new Date(now.getTime() + hours * 3_600_000),
        previous: {
          gate: 'gate',
          kind: 'soak',
          requiredBy: 'pipeline:default/default',
          outcome: 'waiting',
          reason: '',
          // As kept and read again.
          evidence: JSON.parse(JSON.stringify(ill.evidence)),
          evidenceDigest: digest('0'),
          subject: digest('0'),
          evaluatedAt: now.toISOString(),
          since: now.toISOString(),
        } satisfies GateResult,
      });
    await expect(later(23)).resolves.toMatchObject({
      outcome: 'waiting',
      evidence: { restartedAt: now.toISOString() },
    });
    await expect(later(24)).resolves.toMatchObject({ outcome: 'passed' });
  });

  it('cannot tell where nobody says how it is', async () => {
    const deployments = [deployment('a', '2026-11-01T00:00:00Z')];
    await expect(
      askGate(
        soakGate,
        options,
        facts(
          deployments,
          observation('a', { health: 'unknown', reason: 'No answer' }),
        ),
      ),
    ).rejects.toThrow(
      'local runtime does not say how it is in staging: No answer',
    );
    await expect(
      askGate(soakGate, options, {
        ...facts(deployments),
        observe: async () => undefined,
      }),
    ).rejects.toThrow('set "health: notNeeded"');
    await expect(
      askGate(
        soakGate,
        { ...options, health: 'notNeeded' },
        { deployments: async () => deployments },
      ),
    ).resolves.toMatchObject({ outcome: 'passed' });
  });

  it('takes nothing but what it knows', () => {
    expect(() => soakGate.checkOptions({ ...options, hours: 3 })).toThrow(
      'hours',
    );
    expect(() =>
      soakGate.checkOptions({ ...options, duration: '1 day' }),
    ).toThrow('must be a length of time');
  });
});

describe('staysOf', () => {
  it('agrees with a walk through time', () => {
    const step = fc.record({
      letter: fc.constantFrom('a', 'b', 'c'),
      result: fc.constantFrom('succeeded' as const, 'failed' as const),
      rollback: fc.boolean(),
      hours: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), steps => {
        let at = Date.parse('2026-01-01T00:00:00Z');
        const deployments = steps.map(({ letter, result, rollback, hours }) => {
          at += hours * 3_600_000;
          return deployment(letter, new Date(at).toISOString(), {
            result,
            kind: rollback ? 'rollback' : 'promote',
            startedAt: new Date(at).toISOString(),
          });
        });
        // Hour by hour: how long has a run without a break?
        let longest = 0;
        let current: number | undefined;
        let time = 0;
        for (const { letter, result, rollback, hours } of steps) {
          time += hours;
          const arrived = letter === 'a' && result === 'succeeded';
          if (arrived) {
            current ??= time;
          } else if (current !== undefined) {
            if (!rollback && letter !== 'a') {
              longest = Math.max(longest, time - current);
            }
            current = undefined;
          }
        }
        const stays = staysOf(digest('a'), deployments.reverse());
        expect((longestStay(stays)?.milliseconds ?? 0) / 3_600_000).toBe(
          longest,
        );
        expect(stays.filter(({ to }) => to === undefined)).toHaveLength(
          current === undefined ? 0 : 1,
        );
        for (const [index, stay] of stays.entries()) {
          const before = stays[index - 1]?.to;
          expect(before === undefined || before <= stay.from).toBe(true);
        }
      }),
    );
  });
});
