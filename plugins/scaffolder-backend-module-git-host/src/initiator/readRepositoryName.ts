import { InputError } from '@backstage/errors';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';

/**
 * A repository name from a template's input. It never names a tenant: the tenant is
 * always the initiator's.
 *
 * @throws InputError that says what is wrong
 */
export function readRepositoryName(input: string): string {
  const result = repositoryNameSchema.safeParse(input);
  if (!result.success) {
    const shown = input.replace(/[^\x20-\x7e]/g, '?').slice(0, 120);
    throw new InputError(
      `The repository '${shown}' ${result.error.issues[0].message}; write only its name, it belongs to your own tenant`,
    );
  }
  return result.data;
}
