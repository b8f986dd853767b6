import { type ReactElement } from 'react';
import {
  PageLayout,
  Progress,
  useRouteRefParams,
} from '@backstage/frontend-plugin-api';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { Container, Flex } from '@backstage/ui';
import { RepositoryDocs } from '@portico/plugin-git-host';
import { NotFoundPage } from '../pageLayout/NotFoundPage';
import { DocsBuildNotice } from './DocsBuildNotice';
import { useDocs } from './useDocs';
import { useDocsBuild } from './useDocsBuild';

/** The page of an entity's documentation. */
export function DocsReaderPage(props: { built: ReactElement }) {
  const ref = useRouteRefParams(techdocsPlugin.routes.docRoot);
  const build = useDocsBuild(ref);
  const choice = useDocs(ref, build?.state);
  switch (choice.kind) {
    case 'loading':
      return <Progress />;
    case 'built':
      return (
        <>
          {props.built}
          <Container>
            <DocsBuildNotice build={build} hasPages />
          </Container>
        </>
      );
    case 'absent':
      return <NotFoundPage />;
    case 'repository':
      return (
        <PageLayout title={techdocsPlugin.title}>
          <Container>
            <Flex direction="column" gap="4">
              <EntityRefLink entityRef={choice.entity} />
              <DocsBuildNotice build={build} />
              <RepositoryDocs
                annotations={choice.entity.metadata.annotations}
              />
            </Flex>
          </Container>
        </PageLayout>
      );
    default: {
      const unknown: never = choice;
      throw new Error(`Unknown choice ${JSON.stringify(unknown)}`);
    }
  }
}
