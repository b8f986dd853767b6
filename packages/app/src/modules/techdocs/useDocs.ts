import { type CompoundEntityRef, type Entity } from '@backstage/catalog-model';
import { type DocsBuild } from '@portico/docs-builder-common';
import { isError } from '@backstage/errors';
import { useApi } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { techdocsApiRef } from '@backstage/plugin-techdocs';
import useAsync from 'react-use/esm/useAsync';

/** What can be shown of an entity's documentation. */
export type DocsChoice =
  | { kind: 'loading' }
  /** It is published, or nobody can tell: the stock reader says what is wrong. */
  | { kind: 'built' }
  | { kind: 'repository'; entity: Entity }
  /** There is no such entity, or it may not be read. */
  | { kind: 'absent' };

/**
 * Chooses between the built documentation and the repository's.
 *
 * @param buildState - chosen again when it changes
 */
export function useDocs(
  ref: CompoundEntityRef,
  buildState?: DocsBuild['state'],
): DocsChoice {
  const { kind, namespace, name } = ref;
  const techdocs = useApi(techdocsApiRef);
  const catalog = useApi(catalogApiRef);
  // What was chosen stays while it is chosen again.
  const { error, value } = useAsync(async (): Promise<DocsChoice> => {
    try {
      await techdocs.getTechDocsMetadata({ kind, namespace, name });
      return { kind: 'built' };
    } catch (problem) {
      if (!isError(problem) || problem.statusCode !== 404) {
        return { kind: 'built' };
      }
    }
    const entity = await catalog.getEntityByRef({ kind, namespace, name });
    return entity ? { kind: 'repository', entity } : { kind: 'absent' };
  }, [techdocs, catalog, kind, namespace, name, buildState]);
  if (error) {
    throw error;
  }
  return value ?? { kind: 'loading' };
}
