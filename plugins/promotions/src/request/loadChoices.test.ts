import { sampleRelease } from '../__testUtils__/samples';
import { type PromotionsApi } from '../api/PromotionsApi';
import { loadChoices } from './loadChoices';

const component = 'component:aurora/checkout';
const madeUp = { ...sampleRelease('2.0.0', 'd'), sample: true };
const real = sampleRelease('1.4.2', 'b');

// Only what the choices are made of is asked for.
const api = {
  releases: async () => ({ items: [madeUp, real] }),
  deployments: async () => ({
    items: [madeUp, real].map(({ id, content, sample }, index) => ({
      id: `0193b6a0-0000-4000-8000-00000000000${index}`,
      component,
      environment: 'prod',
      tier: 'production',
      release: id,
      version: content.version,
      result: 'succeeded',
      kind: 'promote',
      source: 'promotion',
      initiatedBy: 'user:aurora/kim',
      startedAt: '2026-11-19T12:00:00Z',
      finishedAt: '2026-11-19T12:01:00Z',
      sample,
    })),
  }),
} satisfies Partial<Record<keyof PromotionsApi, unknown>>;

it.each(['promote', 'rollback'] as const)(
  'offers nothing of the sample history for a %s',
  async kind => {
    const choices = await loadChoices({
      // as said above
      api: api as unknown as PromotionsApi,
      kind,
      component,
      environment: 'prod',
      current: undefined,
      before: undefined,
    });
    expect(choices.map(({ id }) => id)).toEqual([real.id]);
  },
);
