import {
  driftClassSchema,
  type Observation,
} from '@portico/plugin-promotions-common';
import { type DeliveryInspection } from '@portico/plugin-promotions-node';
import fc from 'fast-check';
import { classifyDrift, type DriftFacts } from './classifyDrift';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (minutes: number) =>
  new Date(now.getTime() - minutes * 60_000).toISOString();
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const [old, fresh, other] = ['a', 'b', 'c'].map(digest);

const observation = (
  running: string[] = [old],
  more: Partial<Observation> = {},
): Observation => ({
  health: 'healthy',
  reason: 'It answers',
  running: running.map(image => ({ name: 'checkout', digest: image })),
  source: 'Argo CD main',
  observedAt: now.toISOString(),
  ...more,
});
const inspection = (
  more: Partial<DeliveryInspection> = {},
): DeliveryInspection => ({
  observation: observation(),
  sync: 'outOfSync',
  comparedRevision: 'r1',
  comparedAt: ago(1),
  automatic: false,
  lastOperation: {
    result: 'succeeded',
    revision: 'r1',
    finishedAt: ago(60),
    by: 'kim',
    message: '',
  },
  resources: [],
  problems: [],
  ...more,
});
const facts = (more: Partial<DriftFacts> = {}): DriftFacts => ({
  now,
  declared: { revision: 'r1', digests: [old] },
  deployed: { digests: [old] },
  isPromoting: false,
  observation: observation(),
  ...more,
});

describe('classifyDrift', () => {
  it.each<[string, Partial<DriftFacts>, string[]]>([
    ['nothing where all agrees', {}, []],
    [
      'nothing while a promotion acts',
      { isPromoting: true, observation: observation([other]) },
      [],
    ],
    [
      'unknown when nobody answers, and never agreement',
      { observation: observation([], { health: 'unknown' }) },
      ['unknown'],
    ],
    [
      'unknown when the system cannot compare',
      { inspection: inspection({ problems: ['ComparisonError: x'] }) },
      ['unknown'],
    ],
    [
      'a stale verdict when it compared long ago',
      { inspection: inspection({ sync: 'synced', comparedAt: ago(16) }) },
      ['staleVerdict'],
    ],
    [
      'missing when nothing runs',
      { observation: observation([], { health: 'missing' }) },
      ['missing'],
    ],
    [
      'nothing where nothing was ever declared',
      {
        declared: { revision: 'r1', digests: [] },
        deployed: undefined,
        observation: observation([], { health: 'missing' }),
      },
      [],
    ],
    [
      'nothing where it is stopped on purpose',
      { observation: observation([], { health: 'suspended' }) },
      [],
    ],
    [
      'a pending change when the repository went on',
      { declared: { revision: 'r2', digests: [fresh] } },
      ['pendingChange'],
    ],
    [
      'live drift when something else runs',
      { observation: observation([other]) },
      ['liveDrift'],
    ],
    [
      'skew when several versions run',
      { observation: observation([old, other]) },
      ['versionSkew'],
    ],
    [
      'no skew while it progresses',
      { observation: observation([old, other], { health: 'progressing' }) },
      [],
    ],
    [
      'a pending change by revision',
      { inspection: inspection({ comparedRevision: 'r2' }) },
      ['pendingChange'],
    ],
    [
      'aging when nobody syncs for a day',
      {
        inspection: inspection({ comparedRevision: 'r2' }),
        pendingSince: new Date(ago(25 * 60)),
      },
      ['manualSyncAging'],
    ],
    [
      'no aging where it syncs by itself',
      {
        inspection: inspection({ comparedRevision: 'r2', automatic: true }),
        pendingSince: new Date(ago(25 * 60)),
      },
      ['pendingChange'],
    ],
    [
      'a loop when it syncs and differs again',
      { inspection: inspection({ automatic: true }) },
      ['stuckDriftLoop'],
    ],
    [
      'nothing right after a sync',
      {
        inspection: inspection({
          lastOperation: {
            result: 'succeeded',
            revision: 'r1',
            finishedAt: ago(2),
            by: 'kim',
            message: '',
          },
        }),
      },
      [],
    ],
    [
      'each resource and field',
      {
        inspection: inspection({
          resources: [
            { resource: 'Service shop/a', state: 'synced', fields: [] },
            { resource: 'Service shop/b', state: 'missing', fields: [] },
            { resource: 'Service shop/c', state: 'orphaned', fields: [] },
            {
              resource: 'apps/Deployment shop/d',
              state: 'differs',
              fields: [{ path: 'spec.replicas', declared: '2', live: '5' }],
            },
          ],
        }),
      },
      ['missing', 'orphaned', 'liveDrift'],
    ],
  ])('finds %s', (_, more, expected) => {
    expect(classifyDrift(facts(more)).map(found => found.class)).toEqual(
      expected,
    );
  });

  it('has an answer to everything, the same each time, and none while promoting', () => {
    const digests = fc.subarray([old, fresh, other]);
    const anything = fc.record({
      now: fc.constant(now),
      declared: fc.option(
        fc.record({ revision: fc.constantFrom('r1', 'r2'), digests }),
        { nil: undefined },
      ),
      deployed: fc.option(fc.record({ digests }), { nil: undefined }),
      isPromoting: fc.boolean(),
      observation: fc
        .tuple(
          digests,
          fc.constantFrom<Observation['health']>(
            'healthy',
            'progressing',
            'degraded',
            'suspended',
            'missing',
            'unknown',
          ),
        )
        .map(([running, health]) => observation(running, { health })),
      inspection: fc.option(
        fc
          .record({
            sync: fc.constantFrom<DeliveryInspection['sync']>(
              'synced',
              'outOfSync',
              'unknown',
            ),
            automatic: fc.boolean(),
            comparedRevision: fc.constantFrom('r1', 'r2'),
            comparedAt: fc.constantFrom(ago(1), ago(100)),
          })
          .map(inspection),
        { nil: undefined },
      ),
    });
    fc.assert(
      fc.property(anything, one => {
        const found = classifyDrift(one);
        expect(classifyDrift(one)).toEqual(found);
        for (const drift of found) {
          expect(driftClassSchema.safeParse(drift.class).success).toBe(true);
          expect(drift.reason).not.toBe('');
        }
        const classes = found.map(drift => drift.class);
        expect(one.isPromoting ? classes : []).toEqual([]);
        const isUnknown =
          !one.isPromoting && one.observation.health === 'unknown';
        expect(isUnknown ? classes : ['unknown']).toEqual(['unknown']);
      }),
      { numRuns: 500 },
    );
  });
});
