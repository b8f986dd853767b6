/** Where the job's items come from; replace the one in memory by your platform's. */
export interface Queue<T> {
  add(item: T): void;
  /** Takes the oldest items out, so many at most. */
  take(most: number): T[];
  /** Puts items back in front, as they were. */
  putBack(items: readonly T[]): void;
}

/** Forgets everything when the process ends. */
export function createMemoryQueue<T>(): Queue<T> {
  const items: T[] = [];
  return {
    add: item => {
      items.push(item);
    },
    take: most => items.splice(0, most),
    putBack: taken => {
      items.unshift(...taken);
    },
  };
}
