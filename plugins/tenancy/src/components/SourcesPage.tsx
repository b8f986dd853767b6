import { useState } from 'react';
import {
  toastApiRef,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Flex,
  useTable,
} from '@backstage/ui';
import {
  type Source,
  type SourceLocation,
  tenancySourceManagePermission,
  tenancySourceReadPermission,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { AdministrationPage } from './AdministrationPage';
import { ConfirmDialog } from './ConfirmDialog';
import { formatMoment } from './formatMoment';
import { Loading } from './Loading';
import { ProblemAlert } from './ProblemAlert';
import { RefusalsSection } from './RefusalsSection';
import { RegisterSourceDialog } from './RegisterSourceDialog';
import { SectionHeader } from './SectionHeader';
import { isSettled, TenancyTable } from './TenancyTable';
import { toError } from './toError';

/** The sources of a tenant and what was refused in them. */
export function SourcesPage() {
  return (
    <AdministrationPage permission={tenancySourceReadPermission}>
      {({ tenant, title }) => (
        <Sources key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

function Sources(props: { tenant: string; title: string }) {
  const { tenant, title } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const toasts = useApi(toastApiRef);
  const manage = usePermission({ permission: tenancySourceManagePermission });
  const [registering, setRegistering] = useState(false);
  const [removing, setRemoving] = useState<Source>();
  const [version, setVersion] = useState(0);
  const [error, setError] = useState<Error>();

  const { tableProps, reload } = useTable<Source & { id: string }>({
    mode: 'complete',
    getData: async () =>
      (await tenancy.sources(tenant)).map(source => ({
        ...source,
        id: source.name,
      })),
    paginationOptions: { pageSize: 20 },
  });

  const refresh = () => {
    reload();
    setVersion(number => number + 1);
  };

  const readAgain = async (source: Source) => {
    setError(undefined);
    try {
      await tenancy.readSource(tenant, source.name);
      toasts.post({
        title: t('sources.reading', { name: source.name }),
        status: 'success',
        timeout: 5000,
      });
      refresh();
    } catch (caught) {
      setError(toError(caught));
    }
  };

  const columns: ColumnConfig<Source & { id: string }>[] = [
    {
      id: 'name',
      label: t('sources.name'),
      isRowHeader: true,
      cell: source => (
        <CellText
          title={source.name}
          description={describeLocation(source.location)}
        />
      ),
    },
    {
      id: 'lastRead',
      label: t('sources.lastRead'),
      cell: source => (
        <CellText
          title={
            source.lastScan
              ? formatMoment(source.lastScan.at)
              : t('sources.notRead')
          }
          description={
            source.lastScan?.outcome === 'unreadable'
              ? t('sources.unreadable', {
                  reason: source.lastScan.reason ?? '',
                })
              : undefined
          }
        />
      ),
    },
    {
      id: 'entities',
      label: t('sources.entities'),
      defaultWidth: 100,
      cell: source => (
        <CellText title={String(source.lastScan?.entities ?? 0)} />
      ),
    },
    {
      id: 'refusals',
      label: t('sources.refusals'),
      defaultWidth: 100,
      cell: source => (
        <CellText title={String(source.lastScan?.refusals ?? 0)} />
      ),
    },
    {
      id: 'actions',
      label: t('common.actions'),
      isHidden: !manage.allowed,
      cell: source => (
        <Cell>
          <Flex gap="2">
            <Button
              variant="secondary"
              aria-label={t('sources.readNamed', { name: source.name })}
              onPress={() => readAgain(source)}
            >
              {t('sources.read')}
            </Button>
            <Button
              variant="tertiary"
              aria-label={t('sources.removeNamed', { name: source.name })}
              onPress={() => setRemoving(source)}
            >
              {t('sources.remove')}
            </Button>
          </Flex>
        </Cell>
      ),
    },
  ];

  // What may be done decides how high the head is.
  if (manage.loading) {
    return <Loading />;
  }
  return (
    <>
      <SectionHeader
        title={t('sources.title', { tenant: title })}
        description={t('sources.description')}
        actions={
          manage.allowed && (
            <Button variant="primary" onPress={() => setRegistering(true)}>
              {t('sources.register')}
            </Button>
          )
        }
      />
      {error && <ProblemAlert error={error} />}
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('sources.empty')}
        onRetry={reload}
      />
      {/* What stands below would be moved by the rows above. */}
      {isSettled(tableProps) && (
        <RefusalsSection key={version} tenant={tenant} />
      )}
      {registering && (
        <RegisterSourceDialog
          tenant={tenant}
          onClose={() => setRegistering(false)}
          onDone={refresh}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={t('sources.removeTitle', { name: removing.name })}
          text={t('sources.removeText')}
          action={t('sources.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await tenancy.removeSource(tenant, removing.name);
            refresh();
          }}
        />
      )}
    </>
  );
}

/** A location as one line, the path after the branch. */
export function describeLocation(location: SourceLocation): string {
  switch (location.kind) {
    case 'repository':
      return `${location.repository}@${location.branch}: ${location.path}`;
    case 'url':
      return location.url;
    default:
      return location satisfies never;
  }
}
