import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Container } from '@backstage/ui';
import { LoadingState, ProblemState } from '@portico/page-states';
import { promotionReadPermission } from '@portico/plugin-promotions-common';
import { promotionsTranslationRef } from '../translation';

/** Shows a page of delivery to those who may read it, and tells others whom to ask. */
export function PromotionsAccess(props: { children: ReactNode }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const access = usePermission({ permission: promotionReadPermission });
  if (access.allowed) {
    return <>{props.children}</>;
  }
  return (
    <Container py="5">
      {access.loading && <LoadingState />}
      {access.error && <ProblemState error={access.error} />}
      {!access.loading && !access.error && (
        <div role="status">
          <Alert
            status="warning"
            icon
            title={t('noAccess.title')}
            description={t('noAccess.description')}
          />
        </div>
      )}
    </Container>
  );
}
