import {
  useApi,
  useRouteRefParams,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Container, Flex, Link, Text } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import { type Repository } from '@portico/plugin-git-host-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import {
  type GitHostApi,
  gitHostApiRef,
  type RepositoryName,
} from '../api/GitHostApi';
import { useLocationQuery } from '../hooks/useLocationQuery';
import { useRepositoryLinks } from '../hooks/useRepositoryLinks';
import { repositoryRouteRef } from '../routes';
import { gitHostTranslationRef } from '../translation';
import { CloneCard } from './CloneCard';
import { EmptyRepository } from './EmptyRepository';
import { FileView } from './FileView';
import { FolderView } from './FolderView';
import { LastCommit } from './LastCommit';
import { problemOf } from './problems';
import { ProblemState } from './ProblemState';
import styles from './RepositoryPage.module.css';

/** A repository: its files at a branch or commit, and how to clone it. */
export function RepositoryPage() {
  const name = useRouteRefParams(repositoryRouteRef);
  const query = useLocationQuery();
  const gitHost = useApi(gitHostApiRef);
  const {
    loading,
    error,
    value: repository,
    retry,
  } = useAsyncRetry(
    () => gitHost.get(name),
    [gitHost, name.tenant, name.repository],
  );
  return (
    <Container>
      {loading && !repository && <LoadingState />}
      {error && !loading && <ProblemState error={error} onRetry={retry} />}
      {repository && !error && (
        <RepositoryContent
          name={name}
          repository={repository}
          gitRef={query.get('ref') ?? repository.defaultBranch}
          path={(query.get('path') ?? '').replace(/^\/+|\/+$/g, '')}
        />
      )}
    </Container>
  );
}

function RepositoryContent(props: {
  name: RepositoryName;
  repository: Repository;
  gitRef: string;
  path: string;
}) {
  const { name, repository, gitRef, path } = props;
  const isEmpty = !repository.head && gitRef === repository.defaultBranch;
  return (
    <Flex direction="column" gap="4">
      <Flex direction="column" gap="1">
        <Text as="h2" variant="title-small">
          {repository.tenant} / {repository.name}
        </Text>
        {repository.description && (
          <Text as="p" color="secondary">
            {repository.description}
          </Text>
        )}
      </Flex>
      {/* Known at once, so it stands above what comes later and would move it. */}
      <CloneCard repository={repository} />
      {isEmpty ? (
        <EmptyRepository repository={repository} />
      ) : (
        <>
          <LastCommit name={name} gitRef={gitRef} />
          <RepositoryPath name={name} gitRef={gitRef} path={path} />
          <RepositoryFiles name={name} gitRef={gitRef} path={path} />
        </>
      )}
    </Flex>
  );
}

/** Where the page stands, each part a link. */
function RepositoryPath(props: {
  name: RepositoryName;
  gitRef: string;
  path: string;
}) {
  const { name, gitRef, path } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const links = useRepositoryLinks();
  const parts = path === '' ? [] : path.split('/');
  return (
    <nav aria-label={t('repository.pathLabel')}>
      <Text as="p" color="secondary">
        {/^[0-9a-f]{40}$/.test(gitRef)
          ? t('repository.commit')
          : t('repository.branch')}{' '}
        <code>{gitRef}</code>
      </Text>
      <ol className={styles.path}>
        <li>
          <Link
            href={links.of(name, { ref: gitRef, path: '' })}
            aria-current={parts.length === 0 ? 'page' : undefined}
          >
            {name.repository}
          </Link>
        </li>
        {parts.map((part, index) => {
          const to = parts.slice(0, index + 1).join('/');
          return (
            <li key={to}>
              <Link
                href={links.of(name, { ref: gitRef, path: to })}
                aria-current={index === parts.length - 1 ? 'page' : undefined}
              >
                {part}
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function RepositoryFiles(props: {
  name: RepositoryName;
  gitRef: string;
  path: string;
}) {
  const { name, gitRef, path } = props;
  const gitHost = useApi(gitHostApiRef);
  const { loading, error, value, retry } = useAsyncRetry(
    () => readPlace(gitHost, { ...name, ref: gitRef, path }),
    [gitHost, name.tenant, name.repository, gitRef, path],
  );
  if (loading) {
    return <LoadingState />;
  }
  if (error || !value) {
    return (
      <ProblemState
        error={error}
        onRetry={retry}
        absentPath={{ path: path || '/', ref: gitRef }}
      />
    );
  }
  return value.kind === 'folder' ? (
    <FolderView name={name} gitRef={gitRef} tree={value.tree} />
  ) : (
    <FileView
      key={value.file.path}
      name={name}
      gitRef={gitRef}
      file={value.file}
    />
  );
}

/** What lies at an address: links do not say whether it is a folder or a file. */
async function readPlace(
  gitHost: GitHostApi,
  at: RepositoryName & { ref: string; path: string },
) {
  if (at.path !== '') {
    try {
      return { kind: 'file' as const, file: await gitHost.file(at) };
    } catch (error) {
      if (problemOf(error) !== 'absent') {
        throw error;
      }
    }
  }
  return { kind: 'folder' as const, tree: await gitHost.tree(at) };
}
