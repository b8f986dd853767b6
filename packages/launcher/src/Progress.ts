/** The steps of a start that this part does. */
export type StepId = 'build' | 'database' | 'migrate' | 'backend';

/** Tells people how far a start is. */
export interface Progress {
  step(id: StepId, state: 'running' | 'done', detail?: string): void;
  /** A line for the tail of the log; not printed. */
  log(line: string): void;
  /** A line for the terminal. */
  print(text: string): void;
}

/** Runs one step, telling its begin and end. */
export async function asStep<T>(
  progress: Progress,
  id: StepId,
  fn: () => Promise<T>,
): Promise<T> {
  progress.step(id, 'running');
  const result = await fn();
  progress.step(id, 'done');
  return result;
}
