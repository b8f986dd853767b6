import { NotAllowedError } from '@backstage/errors';

/**
 * The error for a caller who does not hold a permission. It carries the permission's name
 * for the audit, beside what is answered.
 */
export function refusePermission(
  permission: string,
  message: string,
): NotAllowedError {
  return Object.defineProperty(new NotAllowedError(message), 'permission', {
    value: permission,
  });
}
