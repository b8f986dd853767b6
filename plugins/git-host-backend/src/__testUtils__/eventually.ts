/** Waits for a condition that the other side brings about. */
export async function eventually(
  condition: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error('It did not happen within 10 seconds');
    }
    await new Promise(resolve => setImmediate(resolve));
  }
}
