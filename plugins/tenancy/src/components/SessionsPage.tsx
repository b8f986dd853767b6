import { useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Select } from '@backstage/ui';
import {
  type Member,
  tenancyMemberManagePermission,
} from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { tenancyApiRef } from '../api/TenancyApi';
import { tenancyTranslationRef } from '../translation';
import { AdministrationPage } from './AdministrationPage';
import { ProblemAlert } from './ProblemAlert';
import { SessionTable } from './SessionTable';

const EVERYBODY = '*';

/** Who of a tenant is signed in. */
export function SessionsPage() {
  return (
    <AdministrationPage permission={tenancyMemberManagePermission}>
      {({ tenant, title }) => (
        <Sessions key={tenant} tenant={tenant} title={title} />
      )}
    </AdministrationPage>
  );
}

function Sessions(props: { tenant: string; title: string }) {
  const { tenant, title } = props;
  const { t } = useTranslationRef(tenancyTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const [chosen, setChosen] = useState<Member>();
  const members = useAsync(() => tenancy.members(tenant), [tenancy, tenant]);

  return (
    <>
      {members.error && <ProblemAlert error={members.error} />}
      <SessionTable
        key={chosen?.name}
        title={t('sessions.title', { tenant: title })}
        description={t('sessions.description')}
        tenant={tenant}
        load={() => tenancy.sessions(tenant, chosen?.name)}
        end={({ member, issuedAt }) =>
          tenancy.endMemberSessions(tenant, member, issuedAt)
        }
        endOthers={
          chosen && (() => tenancy.endMemberSessions(tenant, chosen.name))
        }
        endOthersText={
          chosen && {
            action: t('sessions.endAll', { name: chosen.displayName }),
            title: t('sessions.endAllTitle', { name: chosen.displayName }),
            text: t('sessions.endAllText'),
          }
        }
        filter={
          <Select
            label={t('sessions.of')}
            options={[
              { id: EVERYBODY, label: t('sessions.everybody') },
              ...(members.value ?? []).map(({ name, displayName }) => ({
                id: name,
                label: displayName,
              })),
            ]}
            value={chosen?.name ?? EVERYBODY}
            onChange={key =>
              setChosen(members.value?.find(({ name }) => name === key))
            }
            style={{ maxWidth: '20rem' }}
          />
        }
      />
    </>
  );
}
