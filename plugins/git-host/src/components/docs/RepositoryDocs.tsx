import {
  discoveryApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Flex, Link, Text } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { gitHostApiRef } from '../../api/GitHostApi';
import { firstPage } from '../../content/docs/docsNav';
import { docsSourceOf, type DocsSource } from '../../content/docs/docsSource';
import { type Docs, readDocs } from '../../content/docs/readDocs';
import { useLocationQuery } from '../../hooks/useLocationQuery';
import { useRepositoryLinks } from '../../hooks/useRepositoryLinks';
import { gitHostTranslationRef } from '../../translation';
import { ProblemState } from '../ProblemState';
import { docsPageHref } from './docsPageHref';
import { DocsNav } from './DocsNav';
import { DocsPage } from './DocsPage';
import styles from './RepositoryDocs.module.css';

/** What the documentation of an entity is read by. */
export interface RepositoryDocsProps {
  /** Annotations of the entity. */
  annotations?: Readonly<Record<string, string>>;
}

/**
 * The documentation of an entity as its repository in the Git host has it, read with
 * the rights of the caller: for the time before its built documentation is published.
 */
export function RepositoryDocs(props: RepositoryDocsProps) {
  const { annotations } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const discovery = useApi(discoveryApiRef);
  const gitHost = useApi(gitHostApiRef);
  const { loading, error, value, retry } = useAsyncRetry(async () => {
    const source = docsSourceOf(
      annotations ?? {},
      await discovery.getBaseUrl('git-host'),
    );
    return source && { source, docs: await readDocs(gitHost, source) };
  }, [annotations, discovery, gitHost]);

  if (loading) {
    return <LoadingState />;
  }
  if (error) {
    return <ProblemState error={error} onRetry={retry} />;
  }
  if (!value) {
    return (
      <Alert
        role="status"
        status="info"
        icon
        title={t('docs.notPublishedTitle')}
        description={t('docs.notPublishedDescription')}
      />
    );
  }
  return <DocsContent {...value} />;
}

function DocsContent(props: { source: DocsSource; docs: Docs }) {
  const { source, docs } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const links = useRepositoryLinks();
  const query = useLocationQuery();
  const page = query.get('page') ?? firstPage(docs.nav);
  if (page === undefined) {
    return (
      <Flex direction="column" gap="3">
        <Alert
          role="status"
          status="info"
          icon
          title={t('docs.noneTitle')}
          description={t('docs.noneDescription', { folder: docs.folder })}
        />
        <Link href={links.of(source.name)}>{t('docs.openRepository')}</Link>
      </Flex>
    );
  }
  return (
    <Flex direction="column" gap="4">
      <Text as="h2" variant="title-small">
        {t('docs.title')}
      </Text>
      <Text as="p" color="secondary">
        {t('docs.fromRepository')}
      </Text>
      <div className={styles.docs}>
        <nav aria-label={t('docs.pages')}>
          <DocsNav entries={docs.nav} current={page} hrefOf={docsPageHref} />
        </nav>
        <DocsPage source={source} folder={docs.folder} page={page} />
      </div>
    </Flex>
  );
}
