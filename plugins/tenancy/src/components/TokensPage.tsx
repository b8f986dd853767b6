import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  useTable,
} from '@backstage/ui';
import {
  type MachineToken,
  tenancyTokenManagePermission,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { AdministrationPage } from './AdministrationPage';
import { ConfirmDialog } from './ConfirmDialog';
import { CreateTokenDialog } from './CreateTokenDialog';
import { formatMoment } from './formatMoment';
import { scopeMessageKeys } from './scopeMessageKeys';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

/** The machine tokens of a tenant. */
export function TokensPage() {
  return (
    <AdministrationPage permission={tenancyTokenManagePermission}>
      {({ tenant, title }) => (
        <Tokens key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

function Tokens(props: { tenant: string; title: string }) {
  const { tenant, title } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<MachineToken>();

  const { tableProps, reload } = useTable<MachineToken>({
    mode: 'complete',
    getData: () => tenancy.tokens(tenant),
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<MachineToken>[] = [
    {
      id: 'name',
      label: t('tokens.name'),
      isRowHeader: true,
      cell: token => (
        <CellText
          title={token.name}
          description={`user:${tenant}/bot-${token.name}`}
        />
      ),
    },
    {
      id: 'scopes',
      label: t('tokens.scopes'),
      cell: token => (
        <CellText
          title={token.scopes
            .map(scope => t(`scopes.${scopeMessageKeys[scope]}`))
            .join(', ')}
        />
      ),
    },
    {
      id: 'expires',
      label: t('tokens.expires'),
      cell: token => <CellText title={formatMoment(token.expiresAt)} />,
    },
    {
      id: 'lastUsed',
      label: t('tokens.lastUsed'),
      cell: token => (
        <CellText
          title={
            token.lastUsedAt
              ? formatMoment(token.lastUsedAt)
              : t('common.never')
          }
        />
      ),
    },
    {
      id: 'state',
      label: t('tokens.state'),
      defaultWidth: 110,
      cell: token => <CellText title={t(`tokens.${stateOf(token)}`)} />,
    },
    {
      id: 'actions',
      label: t('common.actions'),
      cell: token => (
        <Cell>
          {stateOf(token) === 'active' && (
            <Button
              variant="tertiary"
              aria-label={t('tokens.revokeNamed', { name: token.name })}
              onPress={() => setRevoking(token)}
            >
              {t('tokens.revoke')}
            </Button>
          )}
        </Cell>
      ),
    },
  ];

  return (
    <>
      <SectionHeader
        title={t('tokens.title', { tenant: title })}
        description={t('tokens.description')}
        actions={
          <Button variant="primary" onPress={() => setCreating(true)}>
            {t('tokens.create')}
          </Button>
        }
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('tokens.empty')}
        onRetry={reload}
      />
      {creating && (
        <CreateTokenDialog
          tenant={tenant}
          onClose={() => setCreating(false)}
          onDone={reload}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={t('tokens.revokeTitle', { name: revoking.name })}
          text={t('tokens.revokeText')}
          action={t('tokens.revoke')}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await tenancy.revokeToken(tenant, revoking.id);
            reload();
          }}
        />
      )}
    </>
  );
}

function stateOf(token: MachineToken): 'active' | 'expired' | 'revoked' {
  if (token.revokedAt) {
    return 'revoked';
  }
  return new Date(token.expiresAt) > new Date() ? 'active' : 'expired';
}
