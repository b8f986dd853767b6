import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Flex,
  useTable,
} from '@backstage/ui';
import { type CredentialState } from '@portico/plugin-bindings-common';
import {
  ConfirmDialog,
  formatMoment,
  SectionHeader,
  TenancyTable,
} from '@portico/plugin-tenancy';
import { useEffect, useState } from 'react';
import { bindingsApiRef } from '../api/BindingsApi';
import { bindingsTranslationRef } from '../translation';
import { CredentialDialog } from './CredentialDialog';

type Row = CredentialState & { id: string };

/** Where a tenant's credentials are missing, and how to set them. */
export function CredentialsSection(props: {
  tenant: string;
  title: string;
  /** How often the grants changed: each time the list is read again. */
  changes: number;
}) {
  const { tenant, title, changes } = props;
  const { t } = useTranslationRef(bindingsTranslationRef);
  const bindings = useApi(bindingsApiRef);
  const [setting, setSetting] = useState<Row>();
  const [removing, setRemoving] = useState<Row>();
  const { tableProps, reload } = useTable<Row>({
    mode: 'complete',
    getData: async () =>
      (await bindings.credentials(tenant)).map(state => ({
        ...state,
        id: state.system.name,
      })),
    paginationOptions: { pageSize: 20 },
  });
  useEffect(() => {
    if (changes > 0) reload();
  }, [changes, reload]);

  const columns: ColumnConfig<Row>[] = [
    {
      id: 'system',
      label: t('credentials.system'),
      isRowHeader: true,
      cell: row => (
        <CellText title={row.system.title} description={row.system.url} />
      ),
    },
    {
      id: 'state',
      label: t('credentials.state'),
      cell: row => <CellText title={t(`credentials.${stateOf(row)}`)} />,
    },
    {
      id: 'setBy',
      label: t('credentials.setBy'),
      cell: row => (
        <CellText
          title={row.set?.by ?? ''}
          description={row.set && formatMoment(row.set.at)}
        />
      ),
    },
    {
      id: 'lastUsed',
      label: t('credentials.lastUsed'),
      cell: row => (
        <CellText
          title={
            row.set?.lastUsedAt
              ? formatMoment(row.set.lastUsedAt)
              : t('common.never')
          }
        />
      ),
    },
    {
      id: 'actions',
      label: t('common.actions'),
      cell: row => (
        <Cell>
          <Flex gap="2">
            <Button
              variant="tertiary"
              aria-label={t(
                row.set ? 'credentials.replaceNamed' : 'credentials.setNamed',
                { system: row.system.title },
              )}
              onPress={() => setSetting(row)}
            >
              {t(
                row.set ? 'credentials.replaceAction' : 'credentials.setAction',
              )}
            </Button>
            {row.set && (
              <Button
                variant="tertiary"
                aria-label={t('credentials.removeNamed', {
                  system: row.system.title,
                })}
                onPress={() => setRemoving(row)}
              >
                {t('credentials.remove')}
              </Button>
            )}
          </Flex>
        </Cell>
      ),
    },
  ];

  return (
    <>
      <SectionHeader
        title={t('credentials.title')}
        description={t('credentials.description', { tenant: title })}
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('credentials.empty')}
        onRetry={reload}
      />
      {setting && (
        <CredentialDialog
          tenant={tenant}
          system={setting.system}
          onClose={() => setSetting(undefined)}
          onDone={reload}
        />
      )}
      {removing && (
        <ConfirmDialog
          title={t('credentials.removeTitle', {
            system: removing.system.title,
          })}
          text={t('credentials.removeText')}
          action={t('credentials.remove')}
          onClose={() => setRemoving(undefined)}
          onConfirm={async () => {
            await bindings.removeCredential(tenant, removing.system.name);
            reload();
          }}
        />
      )}
    </>
  );
}

function stateOf({ set }: CredentialState): 'missing' | 'set' | 'unreadable' {
  if (!set) {
    return 'missing';
  }
  return set.readable ? 'set' : 'unreadable';
}
