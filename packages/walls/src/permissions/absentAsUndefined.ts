import { isError } from '@backstage/errors';
import { type PermissionsRegistryServiceAddResourceTypeOptions } from '@backstage/backend-plugin-api';

type Registration<
  TType extends string,
  TResource,
  TQuery,
> = PermissionsRegistryServiceAddResourceTypeOptions<TType, TResource, TQuery>;

/**
 * A registration whose loader gives `undefined` for what does not exist, also where the
 * plugin's own throws. A decision about it is then "no", as it is about what belongs to
 * others: nobody can tell the two apart.
 */
export function absentAsUndefined<TType extends string, TResource, TQuery>(
  options: Registration<TType, TResource, TQuery>,
): Registration<TType, TResource, TQuery> {
  const { getResources } = options;
  if (!getResources) {
    return options;
  }
  return {
    ...options,
    async getResources(refs) {
      try {
        return await getResources(refs);
      } catch (error) {
        if (!isNotFound(error)) {
          throw error;
        }
        // One that is absent must not take the answers about the others along.
        return Promise.all(
          refs.map(async ref => {
            try {
              const [resource] = await getResources([ref]);
              return resource;
            } catch (problem) {
              if (isNotFound(problem)) {
                return undefined;
              }
              throw problem;
            }
          }),
        );
      }
    },
  };
}

function isNotFound(error: unknown): boolean {
  return isError(error) && error.name === 'NotFoundError';
}
