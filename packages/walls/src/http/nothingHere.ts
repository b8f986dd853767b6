import { NotFoundError } from '@backstage/errors';

/**
 * The one answer for what is unlisted, closed or malformed: it must not tell which.
 */
export function nothingHere(): NotFoundError {
  return new NotFoundError('There is nothing at this address');
}
