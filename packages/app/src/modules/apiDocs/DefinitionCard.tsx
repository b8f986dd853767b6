import { isApiEntity } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { EntityInfoCard, useEntity } from '@backstage/plugin-catalog-react';
import { Flex, Link, Text } from '@backstage/ui';
import { appTranslationRef } from '../../translation';

/** Leads to the definition of an API. */
export function DefinitionCard() {
  const { t } = useTranslationRef(appTranslationRef);
  const { entity } = useEntity();
  const entityRoute = useRouteRef(catalogPlugin.routes.catalogEntity);
  if (!isApiEntity(entity) || !entityRoute) {
    return null;
  }
  const path = entityRoute({
    kind: 'api',
    namespace: entity.metadata.namespace ?? 'default',
    name: entity.metadata.name,
  });
  return (
    <EntityInfoCard title={t('api.definition')}>
      <Flex direction="column" gap="2">
        <Text as="p">
          {t('api.definitionText', { type: entity.spec.type })}
        </Text>
        <Link href={`${path}/definition`}>{t('api.openDefinition')}</Link>
      </Flex>
    </EntityInfoCard>
  );
}
