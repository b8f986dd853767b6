import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { tenancyTranslationRef } from '../translation';

/** Tells who may not see a page whom to ask. */
export function NoAccess(props: { tenant: string; title: string }) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  return (
    <div role="status">
      <Alert
        status="warning"
        icon
        title={t('noAccess.title')}
        description={
          props.tenant === PLATFORM_TENANT
            ? t('noAccess.askPlatform')
            : t('noAccess.askTenantAdmin', { tenant: props.title })
        }
      />
    </div>
  );
}
