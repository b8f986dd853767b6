/**
 * Works on items in their order, so many at once.
 *
 * @throws what `work` throws first; what is at work then goes on
 */
export async function inTurn<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (;;) {
      const item = waiting.shift();
      if (item === undefined) {
        return;
      }
      await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
