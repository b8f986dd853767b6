import { usePermission } from '@backstage/plugin-permission-react';
import {
  bindingsCredentialManagePermission,
  bindingsGrantManagePermission,
  bindingsGrantReadPermission,
} from '@portico/plugin-bindings-common';
import { AdministrationPage } from '@portico/plugin-tenancy';
import { useState } from 'react';
import { CredentialsSection } from './CredentialsSection';
import { GrantsSection } from './GrantsSection';
import { NeedsSection } from './NeedsSection';

/** What a tenant may use of external systems, and what with. */
export function BindingsPage() {
  return (
    <AdministrationPage permission={bindingsGrantReadPermission}>
      {({ tenant, title }) => (
        <Bindings key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

function Bindings(props: { tenant: string; title: string }) {
  const grant = usePermission({ permission: bindingsGrantManagePermission });
  const manage = usePermission({
    permission: bindingsCredentialManagePermission,
  });
  // A grant brings a system into the list of credentials, or takes one out of it.
  const [changes, setChanges] = useState(0);

  return (
    <>
      <GrantsSection
        {...props}
        mayGrant={grant.allowed}
        onChange={() => setChanges(count => count + 1)}
      />
      {manage.allowed && <CredentialsSection {...props} changes={changes} />}
      <NeedsSection />
    </>
  );
}
