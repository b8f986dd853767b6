import {
  identityApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import {
  CellText,
  type ColumnConfig,
  Container,
  Flex,
  SearchField,
  Table,
  Text,
  useTable,
} from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import { type Repository } from '@portico/plugin-git-host-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { gitHostApiRef } from '../api/GitHostApi';
import { useRepositoryLinks } from '../hooks/useRepositoryLinks';
import { gitHostTranslationRef } from '../translation';
import { ProblemState } from './ProblemState';

/** The namespace of the platform, whose repositories everybody may read. */
const PLATFORM_TENANT = 'default';

type Row = Repository & { id: string };

/** The repositories of the caller's tenant and of the platform. */
export function RepositoriesPage() {
  const gitHost = useApi(gitHostApiRef);
  const identity = useApi(identityApiRef);
  const {
    loading,
    error,
    value: repositories,
    retry,
  } = useAsyncRetry(async () => {
    const { userEntityRef } = await identity.getBackstageIdentity();
    const tenant = tenantOf(userEntityRef);
    const tenants =
      tenant === PLATFORM_TENANT ? [tenant] : [tenant, PLATFORM_TENANT];
    const lists = await Promise.all(
      tenants.map(id => gitHost.list({ tenant: id })),
    );
    return lists.flat();
  }, [gitHost, identity]);
  return (
    <Container py="4">
      {loading && !repositories && <LoadingState />}
      {error && !loading && <ProblemState error={error} onRetry={retry} />}
      {repositories && !error && <Repositories repositories={repositories} />}
    </Container>
  );
}

function Repositories(props: { repositories: Repository[] }) {
  const { repositories } = props;
  const { t } = useTranslationRef(gitHostTranslationRef);
  const links = useRepositoryLinks();
  const { tableProps, search } = useTable<Row>({
    mode: 'complete',
    getData: () =>
      repositories.map(repository => ({
        ...repository,
        id: `${repository.tenant}/${repository.name}`,
      })),
    searchFn: (rows, text) => {
      const wanted = text.trim().toLowerCase();
      return rows.filter(row =>
        `${row.id} ${row.description}`.toLowerCase().includes(wanted),
      );
    },
    paginationOptions: { pageSize: 20 },
  });
  if (repositories.length === 0) {
    return (
      <Flex direction="column" gap="1">
        <Text as="h2" variant="title-small">
          {t('list.noneTitle')}
        </Text>
        <Text as="p">{t('list.noneDescription')}</Text>
      </Flex>
    );
  }
  const columns: ColumnConfig<Row>[] = [
    {
      id: 'name',
      label: t('list.name'),
      isRowHeader: true,
      cell: row => (
        <CellText
          title={row.name}
          description={row.head ? undefined : t('list.emptyMark')}
          href={links.of({ tenant: row.tenant, repository: row.name })}
        />
      ),
    },
    {
      id: 'description',
      label: t('list.description'),
      cell: row => <CellText title={row.description} />,
    },
    {
      id: 'owner',
      label: t('list.owner'),
      defaultWidth: 180,
      cell: row => (
        <CellText
          title={
            row.tenant === PLATFORM_TENANT ? t('list.platform') : row.tenant
          }
        />
      ),
    },
  ];
  return (
    <Flex direction="column" gap="4">
      <SearchField
        aria-label={t('list.filter')}
        placeholder={t('list.filter')}
        {...search}
      />
      <Table
        columnConfig={columns}
        emptyState={t('list.noMatch')}
        {...tableProps}
      />
    </Flex>
  );
}

/** `aurora` of `user:aurora/kim`. */
function tenantOf(userEntityRef: string): string {
  return userEntityRef.split(':').pop()?.split('/')[0] ?? PLATFORM_TENANT;
}
