import { isError } from '@backstage/errors';

/** What kept something from being shown. */
export type ProblemKind = 'absent' | 'noAccess' | 'failed';

/** Tells apart what is absent or hidden, what is not permitted, and what broke. */
export function problemKindOf(error: unknown): ProblemKind {
  const status = isError(error) ? error.statusCode ?? error.status : undefined;
  switch (status) {
    case 404:
      return 'absent';
    case 403:
      return 'noAccess';
    default:
      return 'failed';
  }
}

/** The portal's own sentence for a failed request, without its technical prefix. */
export function describeProblem(error: unknown): string {
  if (!isError(error)) {
    return '';
  }
  return isError(error.cause) ? error.cause.message : error.message;
}
