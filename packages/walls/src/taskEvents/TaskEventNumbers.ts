/** What of an event of a task its number follows from. */
export interface TaskEvent {
  /** Counts over the tasks of all tenants. */
  id: number;
  type: string;
}

/** A task that is tried again loses these events and keeps all others. */
const passingTypes: ReadonlySet<string> = new Set(['cancelled', 'completion']);

/**
 * Numbers the events of one task: their ids count over all tasks, so they would tell how
 * much other tenants do.
 *
 * Events that stay have even numbers, one after another; those that go away when the task
 * is tried again have the odd number after the last that stays. So a number never changes,
 * whatever goes away and whichever replica counts.
 */
export class TaskEventNumbers {
  readonly #numbers = new Map<number, number>();
  #kept = 0;

  /** @param events - all events of the task until now, in the order of their ids */
  constructor(events: readonly TaskEvent[]) {
    for (const event of events) {
      this.numberOf(event);
    }
  }

  /** The number of an event; one that is not known yet comes after all others. */
  numberOf({ id, type }: TaskEvent): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) {
      return known;
    }
    const passes = passingTypes.has(type);
    this.#kept += passes ? 0 : 1;
    const number = this.#kept * 2 + (passes ? 1 : 0);
    this.#numbers.set(id, number);
    return number;
  }

  /** The id of the last event whose number is not above the given one; 0 before all. */
  idUpTo(number: number): number {
    let last = 0;
    for (const [id, other] of this.#numbers) {
      if (other <= number) {
        last = Math.max(last, id);
      }
    }
    return last;
  }
}
