import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { Alert, Button, Link, Skeleton, Text } from '@backstage/ui';
import { describeError } from '../../describeError';
import { appTranslationRef } from '../../translation';
import styles from './HomePage.module.css';
import { HomeSection } from './HomeSection';
import { type useOwnedEntities } from './useOwnedEntities';

/** What the groups of the person own. */
export function OwnedSection(props: {
  owned: ReturnType<typeof useOwnedEntities>;
}) {
  const { loading, error, value, retry } = props.owned;
  const { t } = useTranslationRef(appTranslationRef);
  const catalogRoute = useRouteRef(catalogPlugin.routes.catalogIndex);
  const entityRoute = useRouteRef(catalogPlugin.routes.catalogEntity);

  if (error) {
    return (
      <HomeSection title={t('home.owned')}>
        <div role="alert">
          <Alert
            status="danger"
            icon
            title={t('home.ownedFailed')}
            description={describeError(error)}
            customActions={
              <Button variant="secondary" onPress={retry}>
                {t('home.retry')}
              </Button>
            }
          />
        </div>
      </HomeSection>
    );
  }
  if (loading || !value) {
    return (
      <HomeSection title={t('home.owned')}>
        <Skeleton width="60%" height={20} />
        <Skeleton width="80%" height={20} />
        <Skeleton width="50%" height={20} />
      </HomeSection>
    );
  }
  return (
    <HomeSection title={t('home.owned')}>
      {value.items.length === 0 ? (
        <Text as="p" color="secondary">
          {t('home.ownedEmpty')}
        </Text>
      ) : (
        <ul className={styles.list}>
          {value.items.map(({ kind, metadata, spec }) => (
            <li key={`${kind}/${metadata.name}`}>
              <Link
                href={
                  entityRoute?.({
                    kind: kind.toLocaleLowerCase('en-US'),
                    namespace: metadata.namespace ?? 'default',
                    name: metadata.name,
                  }) ?? ''
                }
              >
                {metadata.title ?? metadata.name}
              </Link>
              <Text color="secondary">
                {typeof spec?.type === 'string'
                  ? t('home.kindAndType', { kind, type: spec.type })
                  : kind}
              </Text>
              {metadata.description && <Text>{metadata.description}</Text>}
            </li>
          ))}
        </ul>
      )}
      {catalogRoute && <Link href={catalogRoute()}>{t('home.ownedAll')}</Link>}
    </HomeSection>
  );
}
