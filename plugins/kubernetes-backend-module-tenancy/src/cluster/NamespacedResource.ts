import { InputError } from '@backstage/errors';

/** A kind of things that live in a namespace, as the cluster's API names it. */
export interface NamespacedResource {
  /** Empty for the core group. */
  group: string;
  apiVersion: string;
  plural: string;
}

const groupPattern = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)?$/;
const versionPattern = /^v[0-9]+(?:(?:alpha|beta)[0-9]+)?$/;
const pluralPattern = /^[a-z][a-z0-9]{0,62}$/;
const namePattern = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/;

/** Kinds that are never asked for: they belong to the whole cluster, or are secret. */
const closedPlurals: ReadonlySet<string> = new Set([
  'secrets',
  'persistentvolumes',
  'namespaces',
  'nodes',
]);

/** Tells whether a kind may be asked for inside a namespace. */
export function isOpenResource(resource: NamespacedResource): boolean {
  return (
    groupPattern.test(resource.group) &&
    versionPattern.test(resource.apiVersion) &&
    pluralPattern.test(resource.plural) &&
    !closedPlurals.has(resource.plural)
  );
}

/**
 * The path of things, or of one thing, in one namespace. There is no other path: what
 * belongs to the cluster cannot be named.
 *
 * @throws InputError for anything that would make it another path
 */
export function namespacedPath(
  namespace: string,
  resource: NamespacedResource,
  name?: string,
  subresource?: 'log',
): string {
  if (!namePattern.test(namespace) || !isOpenResource(resource)) {
    throw new InputError(
      `${JSON.stringify(resource.plural)} cannot be read in a namespace`,
    );
  }
  if (name !== undefined && !namePattern.test(name)) {
    throw new InputError(`${JSON.stringify(name)} is no name in a cluster`);
  }
  const root = resource.group
    ? `/apis/${resource.group}/${resource.apiVersion}`
    : `/api/${resource.apiVersion}`;
  return [
    root,
    'namespaces',
    namespace,
    resource.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join('/');
}
