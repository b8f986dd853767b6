import { isError } from '@backstage/errors';

/** What kept a page from being shown. */
export type Problem = 'absent' | 'no-access' | 'failed';

export function problemOf(error: unknown): Problem {
  if (isError(error)) {
    switch (error.statusCode) {
      case 404:
        return 'absent';
      case 403:
        return 'no-access';
      default:
        return 'failed';
    }
  }
  return 'failed';
}
