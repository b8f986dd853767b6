import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  Button,
  Cell,
  CellText,
  type ColumnConfig,
  Select,
  Text,
  useTable,
} from '@backstage/ui';
import {
  type CreatedDirectoryToken,
  type DirectoryToken,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { ConfirmDialog } from './ConfirmDialog';
import { FormDialog } from './FormDialog';
import { formatMoment } from './formatMoment';
import { ResultDialog } from './ResultDialog';
import { SecretField } from './SecretField';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

const EXPIRY_DAYS = [30, 90, 180, 365];
const USUAL_EXPIRY_DAYS = 180;

/** The tokens that an identity provider writes people and groups with. */
export function DirectoryTokens(props: {
  tenant: string;
  tokens: DirectoryToken[];
  onChange(): void;
}) {
  const { tenant, tokens, onChange } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [creating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<DirectoryToken>();
  const { tableProps } = useTable<DirectoryToken>({
    mode: 'complete',
    data: tokens,
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<DirectoryToken>[] = [
    {
      id: 'id',
      label: t('directoryTokens.id'),
      isRowHeader: true,
      cell: token => (
        <CellText title={token.id} description={token.createdBy} />
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
              aria-label={t('tokens.revokeNamed', { name: token.id })}
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
        title={t('directoryTokens.title')}
        description={t('directoryTokens.description')}
        actions={
          <Button variant="primary" onPress={() => setCreating(true)}>
            {t('directoryTokens.create')}
          </Button>
        }
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('directoryTokens.empty')}
        onRetry={onChange}
      />
      {creating && (
        <CreateDirectoryTokenDialog
          tenant={tenant}
          onClose={() => setCreating(false)}
          onDone={onChange}
        />
      )}
      {revoking && (
        <ConfirmDialog
          title={t('tokens.revokeTitle', { name: revoking.id })}
          text={t('directoryTokens.revokeText')}
          action={t('tokens.revoke')}
          onClose={() => setRevoking(undefined)}
          onConfirm={async () => {
            await tenancy.revokeDirectoryToken(tenant, revoking.id);
            onChange();
          }}
        />
      )}
    </>
  );
}

function CreateDirectoryTokenDialog(props: {
  tenant: string;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [days, setDays] = useState(USUAL_EXPIRY_DAYS);
  const [created, setCreated] = useState<CreatedDirectoryToken>();
  if (created) {
    return (
      <ResultDialog
        title={t('directoryTokens.doneTitle')}
        onClose={props.onClose}
      >
        <Text as="p">{t('tokenForm.once')}</Text>
        <SecretField label={t('tokenForm.secret')} value={created.token} />
      </ResultDialog>
    );
  }
  return (
    <FormDialog
      title={t('directoryTokens.create')}
      submit={t('tokenForm.submit')}
      onClose={props.onClose}
      onSubmit={async () => {
        const made = await tenancy.createDirectoryToken(props.tenant, {
          expiresInDays: days,
        });
        props.onDone();
        setCreated(made);
        return false;
      }}
    >
      <Select
        label={t('tokenForm.expiry')}
        options={EXPIRY_DAYS.map(number => ({
          id: String(number),
          label: t('tokenForm.days', { number: String(number) }),
        }))}
        value={String(days)}
        onChange={key => setDays(Number(key ?? USUAL_EXPIRY_DAYS))}
      />
    </FormDialog>
  );
}

function stateOf(token: DirectoryToken): 'active' | 'expired' | 'revoked' {
  if (token.revokedAt) {
    return 'revoked';
  }
  return new Date(token.expiresAt) > new Date() ? 'active' : 'expired';
}
