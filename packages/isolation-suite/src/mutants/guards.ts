import { guards as written } from './guards.cjs';

/** A guard of the product, and where it is switched off in the suite's own backend. */
export interface Guard {
  id: string;
  changes: Array<{ file: string; find: string; replace: string }>;
}

export const guards: readonly Guard[] = written;
