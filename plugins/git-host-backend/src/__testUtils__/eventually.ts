/** Waits for a condition that the other side brings about; the bound only ends what hangs. */
export async function eventually(
  condition: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > end) {
      throw new Error('It did not happen within a minute');
    }
    await new Promise(resolve => setImmediate(resolve));
  }
}
