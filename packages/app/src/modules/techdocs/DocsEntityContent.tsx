import { type ReactElement } from 'react';
import {
  type CompoundEntityRef,
  type Entity,
  getCompoundEntityRef,
  parseEntityRef,
} from '@backstage/catalog-model';
import { Progress } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import { RepositoryDocs } from '@portico/plugin-git-host';
import { Flex } from '@backstage/ui';
import { DocsBuildNotice } from './DocsBuildNotice';
import { useDocs } from './useDocs';
import { useDocsBuild } from './useDocsBuild';

/** The documentation on the page of an entity. */
export function DocsEntityContent(props: { built: ReactElement }) {
  const { entity } = useEntity();
  const ref = documentedEntity(entity);
  const build = useDocsBuild(ref);
  const choice = useDocs(ref, build?.state);
  switch (choice.kind) {
    case 'loading':
      return <Progress />;
    case 'built':
      return (
        <>
          <DocsBuildNotice build={build} hasPages />
          {props.built}
        </>
      );
    // The stock content says which annotation to add to an entity without any.
    case 'absent':
      return props.built;
    case 'repository':
      return choice.entity.metadata.annotations?.[
        'backstage.io/techdocs-ref'
      ] ? (
        <Flex direction="column" gap="4">
          <DocsBuildNotice build={build} />
          <RepositoryDocs annotations={choice.entity.metadata.annotations} />
        </Flex>
      ) : (
        props.built
      );
    default: {
      const unknown: never = choice;
      throw new Error(`Unknown choice ${JSON.stringify(unknown)}`);
    }
  }
}

/** An entity may name another one whose documentation is its own too. */
function documentedEntity(entity: Entity): CompoundEntityRef {
  const other = entity.metadata.annotations?.['backstage.io/techdocs-entity'];
  if (other) {
    try {
      return parseEntityRef(other);
    } catch {
      // Stock TechDocs falls back in the same way.
    }
  }
  return getCompoundEntityRef(entity);
}
