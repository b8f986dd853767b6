import { useEffect } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link, Skeleton, Text } from '@backstage/ui';
import {
  describeProblem,
  LoadingState,
  ProblemState,
  Section,
} from '@portico/page-states';
import {
  EnvironmentMark,
  isInTrouble,
  type Statuses,
} from '@portico/plugin-overview';
import { type Me } from '@portico/plugin-tenancy-common';
import { type useOwned } from '../owned/useOwned';
import { externalRoutes } from '../routes';
import { homeTranslationRef } from '../translation';
import sectionStyles from './HomeSection.module.css';
import styles from './OwnedSection.module.css';
import { useEntityHref } from './useEntityHref';

/** What the groups of the person own, with its health. */
export function OwnedSection(props: {
  me: Me;
  owned: ReturnType<typeof useOwned>;
  statuses: Statuses;
  onReady(): void;
}) {
  const { me, owned, statuses, onReady } = props;
  const { loading, error, value, retry } = owned;
  const { t } = useTranslationRef(homeTranslationRef);
  const catalog = useRouteRef(externalRoutes.catalog);
  const create = useRouteRef(externalRoutes.create);

  // The environments have their room in the table, whenever they come.
  const isReady = !loading && (error !== undefined || !statuses.loading);
  useEffect(() => {
    if (isReady) {
      onReady();
    }
  }, [isReady, onReady]);

  if (error) {
    return (
      <Section title={t('owned.title')}>
        <ProblemState error={error} title={t('owned.failed')} onRetry={retry} />
      </Section>
    );
  }
  if (!value) {
    return (
      <Section title={t('owned.title')}>
        <LoadingState lines={5} />
      </Section>
    );
  }
  const filters = (kind: string) =>
    `${catalog?.() ?? ''}?${new URLSearchParams({
      'filters[kind]': kind.toLocaleLowerCase('en-US'),
      'filters[user]': 'owned',
    })}`;
  return (
    <Section title={t('owned.title')}>
      {value.components.length === 0 ? (
        <p className={sectionStyles.quiet}>
          {me.groups.length === 0 ? t('owned.noGroups') : t('owned.empty')}{' '}
          {create && me.groups.length > 0 && me.roles.includes('developer') && (
            <Link href={create()}>{t('owned.create')}</Link>
          )}
        </p>
      ) : (
        <OwnedTable components={value.components} statuses={statuses} />
      )}
      {catalog && (value.others.length > 0 || value.total > 0) && (
        <div className={sectionStyles.links}>
          {value.total > value.components.length && (
            <Link href={filters('component')}>
              {t('owned.all', { number: String(value.total) })}
            </Link>
          )}
          {value.others.length > 0 && (
            <span className={sectionStyles.quiet}>{t('owned.others')}</span>
          )}
          {value.others.map(({ kind, count }) => (
            <Link key={kind} href={filters(kind)}>
              {t('owned.kindAndCount', { kind, number: String(count) })}
            </Link>
          ))}
        </div>
      )}
    </Section>
  );
}

function OwnedTable(props: { components: Entity[]; statuses: Statuses }) {
  const { components, statuses } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const hrefOf = useEntityHref();
  return (
    <>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t('owned.name')}</th>
            <th scope="col" className={styles.type}>
              {t('owned.type')}
            </th>
            {statuses.isConfigured && (
              <th scope="col" className={styles.environments}>
                {t('owned.environments')}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {troubledFirst(components, statuses).map(entity => (
            <tr key={stringifyEntityRef(entity)}>
              <th scope="row">
                <Link href={hrefOf(stringifyEntityRef(entity))}>
                  {entity.metadata.title ?? entity.metadata.name}
                </Link>
                {entity.metadata.description && (
                  <Text as="p" color="secondary" variant="body-small" truncate>
                    {entity.metadata.description}
                  </Text>
                )}
              </th>
              <td className={styles.type}>
                {typeof entity.spec?.type === 'string' ? entity.spec.type : ''}
              </td>
              {statuses.isConfigured && (
                <td className={styles.environments}>
                  <Environments entity={entity} statuses={statuses} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {statuses.isConfigured && (
        <p className={sectionStyles.note} role={statuses.error && 'alert'}>
          {statuses.error
            ? t('owned.statusFailed', {
                reason: describeProblem(statuses.error),
              })
            : t('owned.environmentsSource')}
        </p>
      )}
    </>
  );
}

function Environments(props: { entity: Entity; statuses: Statuses }) {
  const { entity, statuses } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  if (statuses.error) {
    return <span aria-hidden>–</span>;
  }
  if (!statuses.value) {
    return <Skeleton width="80%" height={16} />;
  }
  const environments = statuses.value.get(
    stringifyEntityRef(entity),
  )?.environments;
  if (!environments || environments.length === 0) {
    return (
      <span className={sectionStyles.quiet}>{t('owned.noEnvironments')}</span>
    );
  }
  return (
    <ul className={styles.marks}>
      {environments.map(status => (
        <li key={status.environment}>
          <EnvironmentMark status={status} />
        </li>
      ))}
    </ul>
  );
}

/** What is in trouble comes first; the rest keeps its order. */
function troubledFirst(components: Entity[], statuses: Statuses): Entity[] {
  const isTroubled = (entity: Entity) =>
    statuses.value
      ?.get(stringifyEntityRef(entity))
      ?.environments.some(({ state }) => isInTrouble(state)) ?? false;
  return [...components].sort(
    (a, b) => Number(isTroubled(b)) - Number(isTroubled(a)),
  );
}
