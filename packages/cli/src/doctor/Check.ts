/** What a check of `portico doctor` found. */
export interface Check {
  name: string;
  /** Only `failed` makes the command fail. */
  status: 'ok' | 'warning' | 'failed';
  found: string;
  /** What to do; absent when all is well. */
  hint?: string;
}
