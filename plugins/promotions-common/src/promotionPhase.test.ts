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
  for (const phase of phases) {
    for (const event of events) {
      const next = nextPhase(phase, event);
      if (next && isActing(next) && !isActing(phase)) {
        expect([phase, event]).toEqual(['ready', 'begin']);
      }
      if (next === 'ready') {
        expect([phase, event]).toEqual(['evaluating', 'gatesPass']);
      }
      if (next === 'succeeded') {
        expect([phase, event]).toEqual(['verifying', 'verify']);
      }
    }
  }
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
      if (began >= 0) {
        expect(path.slice(began)).not.toEqual(
          expect.arrayContaining(['cancelled']),
        );
        for (const phase of path.slice(began)) {
          expect([
            'running',
            'verifying',
            'succeeded',
            'failed',
            'errored',
            'rolledBack',
          ]).toContain(phase);
        }
      }
      const last = path[path.length - 1];
      expect(
        isEnd(last) || run([...sequence, 'cancel', 'giveUp']).some(isEnd),
      ).toBe(true);
    }),
  );
});
