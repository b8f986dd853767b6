import { InputError } from '@backstage/errors';
import { repositoryNameSchema } from '@portico/plugin-git-host-common';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { isTenantId } from '@portico/plugin-tenancy-common';

const MAX_PATH_LENGTH = 1_000;
const MAX_REF_LENGTH = 200;

/** Tells whether an address is well-formed; it says nothing about existence. */
export function isRepositoryAddress(address: RepositoryAddress): boolean {
  return (
    isTenantId(address.tenant) &&
    // `api` would hide the read API
    address.tenant !== 'api' &&
    repositoryNameSchema.safeParse(address.repository).success
  );
}

/** @throws InputError for an address that no repository can have */
export function assertRepositoryAddress(address: RepositoryAddress): void {
  if (!isRepositoryAddress(address)) {
    throw new InputError(
      `'${printable(address.tenant)}/${printable(
        address.repository,
      )}' is no address of a repository: both names must be lower-case letters, digits and inner hyphens (repositories also dots and underscores, and no .git at the end)`,
    );
  }
}

/**
 * Tells whether a path stays inside of a repository: relative, no empty, `.`, `..`
 * or `.git` part, no control characters or backslashes. `''` is the root.
 */
export function isRepositoryPath(path: string): boolean {
  if (path === '') {
    return true;
  }
  return (
    path.length <= MAX_PATH_LENGTH &&
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    !/[\u0000-\u001f\u007f\\]/.test(path) &&
    path
      .split('/')
      .every(
        part =>
          part !== '' &&
          part !== '.' &&
          part !== '..' &&
          part.toLowerCase() !== '.git',
      )
  );
}

/** @throws InputError for a path that leaves the repository or is malformed */
export function assertRepositoryPath(path: string): void {
  if (!isRepositoryPath(path)) {
    throw new InputError(
      `'${printable(
        path,
      )}' is no path in a repository: use names divided by single slashes, without '.', '..' or '.git'`,
    );
  }
}

/**
 * Tells whether a text is a branch name or commit id that can be given to git: the
 * rules of `git check-ref-format`, and nothing that git reads as an expression.
 */
export function isRefName(ref: string): boolean {
  return (
    ref.length >= 1 &&
    ref.length <= MAX_REF_LENGTH &&
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    !/[\u0000-\u0020\u007f~^:?*[\\]/.test(ref) &&
    !/^-|^\/|\/$|\/\/|\.\.|@\{|\.$/.test(ref) &&
    ref !== '@' &&
    ref
      .split('/')
      .every(part => !part.startsWith('.') && !part.endsWith('.lock'))
  );
}

/** @throws InputError for a text that is neither branch name nor commit id */
export function assertRefName(ref: string): void {
  if (!isRefName(ref)) {
    throw new InputError(
      `'${printable(ref)}' is neither a branch name nor a commit id`,
    );
  }
}

/** A text from outside, safe for a message of one line. */
function printable(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return text.replace(/[\u0000-\u001f\u007f]/g, '?').slice(0, 200);
}
