import { isError } from '@backstage/errors';

/** One sentence about an error, with the reason below it. */
export function describeError(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
