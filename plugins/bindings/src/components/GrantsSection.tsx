import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  useTable,
} from '@backstage/ui';
import { type Grant } from '@portico/plugin-bindings-common';
import {
  ConfirmDialog,
  formatMoment,
  SectionHeader,
  TenancyTable,
} from '@portico/plugin-tenancy';
import { useState } from 'react';
import { bindingsApiRef } from '../api/BindingsApi';
import { bindingsTranslationRef } from '../translation';
import { GrantDialog } from './GrantDialog';

/** What a tenant was granted; the platform grants and revokes here. */
export function GrantsSection(props: {
  tenant: string;
  title: string;
  mayGrant: boolean;
  onChange(): void;
}) {
  const { tenant, title, mayGrant, onChange } = props;
  const { t } = useTranslationRef(bindingsTranslationRef);
  const bindings = useApi(bindingsApiRef);
  const [granting, setGranting] = useState(false);
  const [revoking, setRevoking] = useState<Grant>();
  const { tableProps, reload } = useTable<Grant>({
    mode: 'complete',
    getData: () => bindings.grants(tenant),
    paginationOptions: { pageSize: 20 },
  });
  const changed = () => {
    reload();
    onChange();
  };

  const columns: ColumnConfig<Grant>[] = [
    {
      id: 'resource',
      label: t('grants.resource'),
      isRowHeader: true,
      cell: grant => <CellText title={grant.resource} />,
    },
    {
      id: 'kind',
      label: t('grants.kind'),
      cell: grant => <CellText title={t(`kinds.${grant.kind}`)} />,
    },
    {
      id: 'system',
      label: t('grants.system'),
      cell: grant => <CellText title={grant.system} />,
    },
    {
      id: 'shared',
      label: t('grants.shared'),
      cell: grant => (
        <CellText title={grant.shared ? t('common.yes') : t('common.no')} />
      ),
    },
    {
      id: 'granted',
      label: t('grants.granted'),
      cell: grant => (
        <CellText
          title={formatMoment(grant.grantedAt)}
          description={grant.grantedBy}
        />
      ),
    },
  ];
  if (mayGrant) {
    columns.push({
      id: 'actions',
      label: t('common.actions'),
      cell: grant => (
        <Cell>
          <Button
            variant="tertiary"
            aria-label={t('grants.revokeNamed', namesOf(grant))}
            onPress={() => setRevoking(grant)}
          >
            {t('grants.revoke')}
          </Button>
        </Cell>
      ),
    });
  }

  return (
    <>
      <SectionHeader
        title={t('grants.title', { tenant: title })}
        description={t('grants.description')}
        actions={
          mayGrant && (
            <Button variant="primary" onPress={() => setGranting(true)}>
              {t('grants.grant')}
            </Button>
          )
        }
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('grants.empty')}
        onRetry={reload}
      />
      {granting && (
        <GrantDialog
          tenant={tenant}
          title={title}
          onClose={() => setGranting(false)}
          onDone={changed}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={t('grants.revokeTitle', namesOf(revoking))}
          text={t('grants.revokeText', { tenant: title })}
          action={t('grants.revoke')}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await bindings.revokeGrant(tenant, revoking.id);
            changed();
          }}
        />
      )}
    </>
  );
}

function namesOf({ resource, system }: Grant) {
  return { resource, system };
}
