import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Alert, Container } from '@backstage/ui';
import { LoadingState } from '@portico/page-states';
import { auditEntryReadPermission } from '@portico/plugin-audit-common';
import { auditTranslationRef } from '../translation';
import { ProblemAlert } from './ProblemAlert';

/** Shows a page of the audit to those who may read it, and tells others whom to ask. */
export function AuditAccess(props: { children: ReactNode }) {
  const { t } = useTranslationRef(auditTranslationRef);
  const access = usePermission({ permission: auditEntryReadPermission });
  if (access.allowed) {
    return <>{props.children}</>;
  }
  return (
    <Container py="5">
      {access.loading && <LoadingState />}
      {access.error && <ProblemAlert error={access.error} />}
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
