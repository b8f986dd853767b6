import { useCallback, useState } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import {
  isTenantId,
  type Me,
  type Tenant,
} from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { tenancyApiRef } from '../api/TenancyApi';

const STORAGE_KEY = 'portico.administeredTenant';

/** Which tenant an administration page is about. */
export interface TenantScope {
  me: Me;
  /** Id of the tenant; the caller's own but for the platform's administrators. */
  tenant: string;
  /** Its name for people. */
  title: string;
  /** The tenants to choose from; one entry for everybody but the platform. */
  choices: Tenant[];
  choose(tenant: string): void;
}

/** Loads {@link TenantScope}; the platform's choice is kept for the browser tab. */
export function useTenantScope(): {
  loading: boolean;
  error?: Error;
  value?: TenantScope;
} {
  const tenancy = useApi(tenancyApiRef);
  const [chosen, setChosen] = useState(readChoice);
  const { loading, error, value } = useAsync(async () => {
    const me = await tenancy.me();
    const choices = me.roles.includes('platform-admin')
      ? await tenancy.tenants()
      : [me.tenant];
    return { me, choices };
  }, [tenancy]);

  const choose = useCallback((tenant: string) => {
    window.sessionStorage.setItem(STORAGE_KEY, tenant);
    setChosen(tenant);
  }, []);

  if (!value) {
    return { loading, error };
  }
  const { id: tenant, title } =
    value.choices.find(choice => choice.id === chosen) ?? value.me.tenant;
  return { loading: false, value: { ...value, tenant, title, choose } };
}

/** Remembers which tenant the platform's administration pages are about. */
export function rememberAdministeredTenant(tenant: string): void {
  window.sessionStorage.setItem(STORAGE_KEY, tenant);
}

function readChoice(): string | undefined {
  const text = window.sessionStorage.getItem(STORAGE_KEY);
  return text !== null && isTenantId(text) ? text : undefined;
}
