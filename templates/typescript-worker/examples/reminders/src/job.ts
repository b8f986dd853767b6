import { type Logger } from './logger.js';
import { type Queue } from './queue.js';

const MOST_PER_RUN = 500;

/** Something that somebody is to be reminded of, and when. */
export interface Item {
  id: string;
  subject: string;
  /** An ISO 8601 time. */
  dueAt: string;
}

/** Parts what is due from what is not; the longest overdue comes first. */
export function chooseDue(
  items: readonly Item[],
  now: Date,
): { due: Item[]; later: Item[] } {
  const isDue = ({ dueAt }: Item) => Date.parse(dueAt) <= now.getTime();
  return {
    due: items
      .filter(isDue)
      .sort((left, right) => Date.parse(left.dueAt) - Date.parse(right.dueAt)),
    later: items.filter(item => !isDue(item)),
  };
}

/**
 * One run: reminds of what is due and keeps the rest. The example writes a line
 * instead of sending something.
 *
 * @returns how many reminders went out
 */
export async function runJob(options: {
  queue: Queue<Item>;
  logger: Logger;
  now: Date;
}): Promise<number> {
  const { queue, logger, now } = options;
  const items = queue.take(MOST_PER_RUN);
  const { due, later } = chooseDue(items, now);
  try {
    for (const { id, subject, dueAt } of due) {
      logger.log('info', 'reminder', { id, subject, dueAt });
    }
  } catch (error) {
    queue.putBack(items);
    throw error;
  }
  for (const item of later) {
    queue.add(item);
  }
  return due.length;
}
