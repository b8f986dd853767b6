import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { type GitHostApi } from '../api/GitHostApi';

/** What is known about a wished name. */
export type NameState =
  | { kind: 'empty' }
  | { kind: 'malformed' }
  | { kind: 'free'; tenant: string }
  | { kind: 'taken'; tenant: string }
  | { kind: 'unknown' };

/** Tells whether a name follows the Git host's rule and the form's own. */
export function isWellFormedName(
  name: string,
  rule: { pattern?: string; minLength?: number; maxLength?: number },
): boolean {
  return (
    repositoryNameSchema.safeParse(name).success &&
    name.length >= (rule.minLength ?? 1) &&
    name.length <= (rule.maxLength ?? 100) &&
    (rule.pattern === undefined || new RegExp(rule.pattern, 'u').test(name))
  );
}

/** Asks the Git host whether the caller's tenant has a repository of this name. */
export async function checkName(options: {
  name: string;
  userEntityRef: string;
  gitHostApi: Pick<GitHostApi, 'get'>;
}): Promise<NameState> {
  const tenant = /^user:([^/]+)\//.exec(options.userEntityRef)?.[1];
  if (!tenant) {
    return { kind: 'unknown' };
  }
  try {
    await options.gitHostApi.get({ tenant, repository: options.name });
    return { kind: 'taken', tenant };
  } catch (error) {
    return error instanceof Error && error.name === 'NotFoundError'
      ? { kind: 'free', tenant }
      : { kind: 'unknown' };
  }
}
