import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { type AlphaEntity } from '@backstage/catalog-model/alpha';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert } from '@backstage/ui';
import { type KnownEntities } from '../components/EntityList';
import { overviewTranslationRef } from '../translation';

/** What is wrong with an entity itself. */
export function Warnings(props: {
  entity: AlphaEntity;
  related: KnownEntities | undefined;
}) {
  const { entity, related } = props;
  const { t } = useTranslationRef(overviewTranslationRef);
  const missing = [...(related ?? [])]
    .filter(([, other]) => other === undefined)
    .map(([ref]) => ref);
  const errors = (entity.status?.items ?? []).filter(
    ({ level }) => level === 'error',
  );
  const isOrphan =
    entity.metadata.annotations?.['backstage.io/orphan'] === 'true';
  return (
    <>
      {isOrphan && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('warnings.orphan')}
          description={t('warnings.orphanText')}
        />
      )}
      {errors.length > 0 && (
        <Alert
          role="status"
          status="danger"
          icon
          title={t('warnings.processing')}
          description={errors.map(({ message }) => message).join(' ')}
        />
      )}
      {missing.length > 0 && (
        <Alert
          role="status"
          status="warning"
          icon
          title={t('warnings.relations')}
          description={t('warnings.relationsText', {
            refs: missing.map(ref => inTenant(ref, entity)).join(', '),
          })}
        />
      )}
    </>
  );
}

/** A ref as the catalog file would say it, without the tenant that goes without saying. */
function inTenant(ref: string, entity: Entity): string {
  const { namespace } = entity.metadata;
  return ref === stringifyEntityRef(entity)
    ? ref
    : ref.replace(`:${namespace}/`, ':');
}
