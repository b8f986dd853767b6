import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { type BasicPermission } from '@backstage/plugin-permission-common';
import { Container, Flex, Select } from '@backstage/ui';
import { type TenantScope, useTenantScope } from '../hooks/useTenantScope';
import { tenancyTranslationRef } from '../translation';
import { Loading } from './Loading';
import { NoAccess } from './NoAccess';
import { ProblemAlert } from './ProblemAlert';

/**
 * A page about one tenant: shows its content to those who hold the permission, says
 * whom to ask to others, and lets the platform choose the tenant.
 */
export function AdministrationPage(props: {
  permission: BasicPermission;
  children: (scope: TenantScope) => ReactNode;
}) {
  const { t } = useTranslationRef(tenancyTranslationRef);
  const scope = useTenantScope();
  const access = usePermission({ permission: props.permission });

  return (
    <Container>
      <Flex direction="column" gap="5" py="5">
        {scope.value && scope.value.choices.length > 1 && (
          <Select
            label={t('common.tenant')}
            options={scope.value.choices.map(choice => ({
              id: choice.id,
              label: choice.title,
            }))}
            value={scope.value.tenant}
            onChange={key => {
              if (key !== null) {
                scope.value?.choose(String(key));
              }
            }}
            style={{ maxWidth: '20rem' }}
          />
        )}
        <AdministrationContent
          scope={scope}
          access={access}
          content={props.children}
        />
      </Flex>
    </Container>
  );
}

function AdministrationContent(props: {
  scope: ReturnType<typeof useTenantScope>;
  access: { loading: boolean; allowed: boolean; error?: Error };
  content: (scope: TenantScope) => ReactNode;
}) {
  const { scope, access, content } = props;
  if (scope.loading || access.loading) {
    return <Loading />;
  }
  const error = scope.error ?? access.error;
  if (error) {
    return <ProblemAlert error={error} />;
  }
  if (!scope.value) {
    return null;
  }
  return access.allowed ? (
    <>{content(scope.value)}</>
  ) : (
    <NoAccess tenant={scope.value.tenant} title={scope.value.title} />
  );
}
