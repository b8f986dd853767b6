import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { Alert, Button, Link, Text } from '@backstage/ui';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { Loading } from '../../Loading';
import { describeError } from '../../describeError';
import { appTranslationRef } from '../../translation';
import styles from './HomePage.module.css';
import { HomeSection } from './HomeSection';
import { NextStepsSection } from './NextStepsSection';
import { OwnedSection } from './OwnedSection';
import { RefusalsSection } from './RefusalsSection';
import { useOwnedEntities } from './useOwnedEntities';

/** Who I am and for which tenant, what my groups own, and what to do next. */
export function HomePage() {
  const { t } = useTranslationRef(appTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const docsRoute = useRouteRef(techdocsPlugin.routes.root);
  const { loading, error, value, retry } = useAsyncRetry(async () => {
    const me = await tenancy.me();
    const tenants = me.roles.includes('platform-admin')
      ? await tenancy.tenants()
      : undefined;
    return { me, tenants };
  }, [tenancy]);
  const owned = useOwnedEntities(value?.me);

  if (loading) {
    return <Loading />;
  }
  if (error || !value) {
    return (
      <main className={styles.root}>
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
      </main>
    );
  }

  const { me, tenants } = value;
  const isEmpty = tenants
    ? tenants.filter(tenant => tenant.id !== me.tenant.id).length === 0
    : owned.value?.isTenantEmpty === true;

  return (
    <main className={styles.root}>
      <header className={styles.head}>
        <h1 className={styles.title}>
          {t('home.greeting', { name: me.displayName })}
        </h1>
        <Text as="p" color="secondary">
          {t('home.membership', { tenant: me.tenant.title })}
        </Text>
        <dl className={styles.facts}>
          <dt>{t('home.roles')}</dt>
          <dd>{me.roles.map(role => t(`roles.${role}`)).join(', ')}</dd>
          <dt>{t('home.groups')}</dt>
          <dd>
            {me.groups.length > 0
              ? me.groups.map(group => group.replace(/^.*\//, '')).join(', ')
              : t('home.noGroups')}
          </dd>
        </dl>
      </header>
      <div className={styles.columns}>
        <div className={styles.column}>
          {isEmpty && <NextStepsSection roles={me.roles} />}
          <OwnedSection owned={owned} />
        </div>
        <div className={styles.column}>
          <RefusalsSection tenant={me.tenant.id} />
          {docsRoute && (
            <HomeSection title={t('home.docs')}>
              <Text as="p" color="secondary">
                {t('home.docsText')}
              </Text>
              <Link href={docsRoute()}>{t('home.docsAll')}</Link>
            </HomeSection>
          )}
        </div>
      </div>
    </main>
  );
}
