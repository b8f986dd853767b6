import fc from 'fast-check';
import { type TaskEvent, TaskEventNumbers } from './TaskEventNumbers';

const types = fc.array(
  fc.constantFrom('log', 'cancelled', 'completion', 'recovered'),
);
/** How far the ids of one task are apart: others write in between. */
const gaps = fc.infiniteStream(fc.integer({ min: 1, max: 1000 }));

function eventsOf(kinds: string[], distances: Iterator<number>): TaskEvent[] {
  let id = 0;
  return kinds.map(type => {
    id += distances.next().value ?? 1;
    return { id, type };
  });
}

describe('TaskEventNumbers', () => {
  it('gives numbers that follow from the task alone', () => {
    fc.assert(
      fc.property(types, gaps, gaps, (kinds, here, there) => {
        const [one, other] = [here, there].map(distances => {
          const events = eventsOf(kinds, distances[Symbol.iterator]());
          const numbers = new TaskEventNumbers(events);
          return events.map(event => numbers.numberOf(event));
        });
        expect(one).toEqual(other);
        expect(one).toEqual([...one].sort((a, b) => a - b));
      }),
    );
  });

  it('goes on where a reader stopped, and after the task was tried again', () => {
    fc.assert(
      fc.property(types, types, gaps, fc.nat(), (seen, later, gap, at) => {
        const events = eventsOf([...seen, ...later], gap[Symbol.iterator]());
        const before = new TaskEventNumbers(events.slice(0, seen.length));
        const last = events[seen.length === 0 ? 0 : at % seen.length];
        const number = last ? before.numberOf(last) : 0;
        const isKept = ({ type }: TaskEvent) =>
          type === 'log' || type === 'recovered';
        const after = new TaskEventNumbers([
          ...events.slice(0, seen.length).filter(isKept),
          ...events.slice(seen.length),
        ]);
        const rest = events.filter(event => event.id > after.idUpTo(number));
        const expected = events.filter(
          event => isKept(event) && event.id > (last?.id ?? 0),
        );
        expect(rest.filter(isKept)).toEqual(expected);
      }),
    );
  });

  it('keeps its number for an event that is sent twice', () => {
    const numbers = new TaskEventNumbers([]);
    const completion = { id: 70, type: 'completion' };
    expect(
      [{ id: 7, type: 'log' }, completion, { id: 90, type: 'log' }].map(event =>
        numbers.numberOf(event),
      ),
    ).toEqual([2, 3, 4]);
    expect(numbers.numberOf(completion)).toBe(3);
  });
});
