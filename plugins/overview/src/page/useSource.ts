import { type Entity } from '@backstage/catalog-model';
import { discoveryApiRef, useApi } from '@backstage/frontend-plugin-api';
import { docsSourceOf, gitHostApiRef } from '@portico/plugin-git-host';
import useAsync from 'react-use/esm/useAsync';
import { firstParagraph } from '../docs/firstParagraph';

/** Where an entity is written, and what the repository says about it. */
export interface EntitySource {
  /** A repository of the embedded Git host. */
  repository?: { tenant: string; repository: string; folder: string };
  lastChange?: { at: string; subject: string; author: string };
  /** First paragraph of the README. */
  summary?: string;
}

/**
 * Reads the repository of an entity. What cannot be read is left out: it is said
 * elsewhere, and an entity without a repository is in order.
 */
export function useSource(entity: Entity) {
  const discovery = useApi(discoveryApiRef);
  const gitHost = useApi(gitHostApiRef);
  return useAsync(async (): Promise<EntitySource> => {
    const source = docsSourceOf(
      {
        ...entity.metadata.annotations,
        // The folder of the entity, whether it has documentation or not.
        'backstage.io/techdocs-ref': 'dir:.',
      },
      await discovery.getBaseUrl('git-host'),
    );
    if (!source) {
      return {};
    }
    const { name, gitRef: ref, folder } = source;
    const path = folder === '' ? 'README.md' : `${folder}/README.md`;
    const [commit, readme] = await Promise.allSettled([
      gitHost.lastCommit({ ...name, ref }),
      gitHost.file({ ...name, ref, path }),
    ]);
    const last = commit.status === 'fulfilled' ? commit.value : undefined;
    const isText =
      readme.status === 'fulfilled' && readme.value.encoding === 'utf-8';
    return {
      repository: { ...name, folder },
      lastChange: last && {
        at: last.committedAt,
        subject: last.subject,
        author: last.authorName,
      },
      summary: isText ? firstParagraph(readme.value.content) : undefined,
    };
  }, [entity, discovery, gitHost]);
}
