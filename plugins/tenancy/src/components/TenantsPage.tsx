import { useState } from 'react';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import {
  Button,
  ButtonLink,
  Cell,
  CellText,
  type ColumnConfig,
  Container,
  Flex,
  Text,
  useTable,
} from '@backstage/ui';
import {
  type Tenant,
  tenancyTenantManagePermission,
} from '@portico/plugin-tenancy-common';
import { tenancyApiRef } from '../api/TenancyApi';
import { switchMembership } from '../hooks/activeTenant';
import { rememberAdministeredTenant } from '../hooks/useTenantScope';
import { sourcesRouteRef } from '../routes';
import { tenancyTranslationRef } from '../translation';
import { CreateTenantDialog } from './CreateTenantDialog';
import { formatMoment } from './formatMoment';
import { SectionHeader } from './SectionHeader';
import { TenancyTable } from './TenancyTable';

/** The caller's own tenants, and for the platform all of them. */
export function TenantsPage() {
  const manage = usePermission({ permission: tenancyTenantManagePermission });
  return (
    <Container>
      <Flex direction="column" gap="5" py="5">
        {!manage.loading && (manage.allowed ? <AllTenants /> : <OwnTenants />)}
      </Flex>
    </Container>
  );
}

function AllTenants() {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const sourcesRoute = useRouteRef(sourcesRouteRef);
  const [creating, setCreating] = useState(false);
  const { tableProps, reload } = useTable<Tenant>({
    mode: 'complete',
    getData: () => tenancy.tenants(),
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<Tenant>[] = [
    ...useTenantColumns(),
    {
      id: 'actions',
      label: t('common.actions'),
      cell: tenant => (
        <Cell>
          {sourcesRoute && (
            <ButtonLink
              href={sourcesRoute()}
              variant="secondary"
              aria-label={t('tenants.administerNamed', { name: tenant.title })}
              onPress={() => rememberAdministeredTenant(tenant.id)}
            >
              {t('tenants.administer')}
            </ButtonLink>
          )}
        </Cell>
      ),
    },
  ];

  return (
    <>
      <SectionHeader
        title={t('tenants.title')}
        description={t('tenants.description')}
        actions={
          <Button variant="primary" onPress={() => setCreating(true)}>
            {t('tenants.create')}
          </Button>
        }
      />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        empty={t('tenants.empty')}
        onRetry={reload}
      />
      {creating && (
        <CreateTenantDialog
          onClose={() => setCreating(false)}
          onDone={reload}
        />
      )}
    </>
  );
}

function OwnTenants() {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const { tableProps, reload } = useTable<
    Tenant & { userRef: string; active: boolean }
  >({
    mode: 'complete',
    getData: async () => {
      const me = await tenancy.me();
      return me.memberships.map(membership => ({
        ...membership.tenant,
        userRef: membership.userRef,
        active: membership.tenant.id === me.tenant.id,
      }));
    },
    paginationOptions: { pageSize: 20 },
  });

  const columns: ColumnConfig<Tenant & { userRef: string; active: boolean }>[] =
    [
      ...useTenantColumns(),
      {
        id: 'actions',
        label: t('common.actions'),
        cell: tenant => (
          <Cell>
            {tenant.active ? (
              <Text>{t('tenants.active')}</Text>
            ) : (
              <Button
                variant="secondary"
                aria-label={t('tenants.switchToNamed', { name: tenant.title })}
                onPress={() =>
                  switchMembership({ tenant, userRef: tenant.userRef })
                }
              >
                {t('tenants.switchTo')}
              </Button>
            )}
          </Cell>
        ),
      },
    ];

  return (
    <>
      <SectionHeader title={t('tenants.yours')} />
      <TenancyTable
        tableProps={tableProps}
        columns={columns}
        onRetry={reload}
      />
    </>
  );
}

function useTenantColumns(): ColumnConfig<Tenant>[] {
  const { t } = useTranslationRef(tenancyTranslationRef);
  return [
    {
      id: 'name',
      label: t('tenants.name'),
      isRowHeader: true,
      cell: tenant => <CellText title={tenant.title} />,
    },
    {
      id: 'id',
      label: t('tenants.id'),
      cell: tenant => <CellText title={tenant.id} />,
    },
    {
      id: 'since',
      label: t('tenants.since'),
      cell: tenant => <CellText title={formatMoment(tenant.createdAt)} />,
    },
  ];
}
