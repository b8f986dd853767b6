import { CustomErrorBase, isError } from '@backstage/errors';

/** Errors that are written for people; others may hold anything. */
export function isTrouble(error: unknown): error is Error {
  return error instanceof CustomErrorBase;
}

/** Why something could not be done, for people. */
export function troubleReason(error: unknown): string {
  return isTrouble(error)
    ? error.message
    : 'Something unexpected happened; the log of the portal tells what';
}

/** What waiting for people or another system can cure, and trying again cannot. */
export function isForPeople(error: unknown): error is Error {
  return (
    isError(error) &&
    ['InputError', 'NotFoundError', 'NotAllowedError'].includes(error.name)
  );
}
