import fc from 'fast-check';
import {
  isActing,
  isEnd,
  nextPhase,
  type PromotionEvent,
  promotionEventSchema,
  type PromotionPhase,
  promotionPhaseSchema,
} from './promotionPhase';

const phases = promotionPhaseSchema.options;
const events = promotionEventSchema.options;

function run(sequence: readonly PromotionEvent[]): PromotionPhase[] {
  const path: PromotionPhase[] = ['pending'];
  for (const event of sequence) {
    const next = nextPhase(path[path.length - 1], event);
    if (next) {
      path.push(next);
    }
  }
  return path;
}

it('ends where the design says, and nowhere else', () => {
  expect(phases.filter(isEnd)).toEqual([
    'succeeded',
    'rejected',
    'failed',
    'errored',
    'expired',
    'superseded',
    'cancelled',
    'rolledBack',
  ]);
});

it('begins to act only from ready, which only passed gates lead to', () => {
  const steps = phases.flatMap(phase =>
    events.flatMap(event => {
      const next = nextPhase(phase, event);
      return next ? [{ phase, event, next }] : [];
    }),
  );
  const how = (wanted: (step: (typeof steps)[number]) => boolean) =>
    steps.filter(wanted).map(({ phase, event }) => [phase, event]);
  expect(how(({ phase, next }) => isActing(next) && !isActing(phase))).toEqual([
    ['ready', 'begin'],
  ]);
  expect(how(({ next }) => next === 'ready')).toEqual([
    ['evaluating', 'gatesPass'],
  ]);
  expect(how(({ next }) => next === 'succeeded')).toEqual([
    ['verifying', 'verify'],
  ]);
});

it('asks again only what has done nothing yet', () => {
  const back = phases
    .filter(isActing)
    .flatMap(phase => events.map(event => [phase, event] as const))
    .filter(([phase, event]) => {
      const next = nextPhase(phase, event);
      return next && !isActing(next) && !isEnd(next);
    });
  expect(back).toEqual([['running', 'stale']]);
});

it('never takes back what began to act, and every phase can end', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events)), sequence => {
      const path = run(sequence.filter(event => event !== 'stale'));
      const began = path.findIndex(isActing);
      const since = began < 0 ? [] : path.slice(began);
      expect([
        'running',
        'verifying',
        'succeeded',
        'failed',
        'errored',
        'rolledBack',
      ]).toEqual(expect.arrayContaining(since));
      const last = path[path.length - 1];
      expect(
        isEnd(last) || run([...sequence, 'cancel', 'giveUp']).some(isEnd),
      ).toBe(true);
    }),
  );
});
