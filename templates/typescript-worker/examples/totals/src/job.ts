import { type Logger } from './logger.js';
import { type Queue } from './queue.js';

const MOST_PER_RUN = 500;

/** An amount, and what it is for. */
export interface Item {
  key: string;
  /** In the smallest unit of its currency, so that sums are exact. */
  amount: number;
}

/** The sum of the amounts for each key, the largest first. */
export function addUp(items: readonly Item[]): Array<[string, number]> {
  const totals = new Map<string, number>();
  for (const { key, amount } of items) {
    totals.set(key, (totals.get(key) ?? 0) + amount);
  }
  return [...totals].sort(
    ([leftKey, left], [rightKey, right]) =>
      right - left || leftKey.localeCompare(rightKey),
  );
}

/**
 * One run: adds up what came since the last one and writes a line for each key.
 *
 * @returns how many items it handled
 */
export async function runJob(options: {
  queue: Queue<Item>;
  logger: Logger;
  now: Date;
}): Promise<number> {
  const { queue, logger, now } = options;
  const items = queue.take(MOST_PER_RUN);
  try {
    for (const [key, total] of addUp(items)) {
      logger.log('info', 'total', { key, total, until: now.toISOString() });
    }
  } catch (error) {
    queue.putBack(items);
    throw error;
  }
  return items.length;
}
