import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { describeProblem } from '@portico/page-states';
import { tenancyApiRef } from '@portico/plugin-tenancy';
import { type Source, type Tenant } from '@portico/plugin-tenancy-common';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { externalRoutes } from '../../routes';
import { homeTranslationRef } from '../../translation';
import styles from '../HomeSection.module.css';
import { LoadedSection } from './LoadedSection';
import { isTroubled } from './TenantSection';

/** Tenants whose sources are looked at; the page of tenants has all of them. */
const SHOWN = 6;

/** The tenant of the platform itself. */
const PLATFORM = 'default';

interface TenantHealth {
  tenant: Tenant;
  sources: Source[] | { error: unknown };
}

/** For the platform's administrators: the tenants, and whether their sources are read. */
export function PlatformSection(props: { onReady(): void }) {
  const { onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const tenancy = useApi(tenancyApiRef);
  const page = useRouteRef(externalRoutes.tenants);
  const request = useAsyncRetry(async () => {
    const tenants = (await tenancy.tenants()).filter(
      ({ id }) => id !== PLATFORM,
    );
    const health = await Promise.all(
      tenants.slice(0, SHOWN).map(
        async (tenant): Promise<TenantHealth> => ({
          tenant,
          // One tenant whose sources cannot be told does not hide the others.
          sources: await tenancy
            .sources(tenant.id)
            .catch((reason: unknown) => ({ error: reason })),
        }),
      ),
    );
    return { health, total: tenants.length };
  }, [tenancy]);

  return (
    <LoadedSection
      title={t('platform.title')}
      failed={t('platform.failed')}
      request={request}
      onReady={onReady}
    >
      {value => {
        const href = page?.();
        return (
          <>
            {value.total === 0 ? (
              <p className={styles.quiet}>{t('platform.none')}</p>
            ) : (
              <ul className={styles.list}>
                {value.health.map(health => (
                  <li key={health.tenant.id}>
                    <strong>{health.tenant.title}</strong>
                    <span className={styles.quiet}>
                      <SourcesHealth sources={health.sources} />
                    </span>
                  </li>
                ))}
              </ul>
            )}
            {href && (
              <Link href={href}>
                {t('platform.all', { number: String(value.total) })}
              </Link>
            )}
          </>
        );
      }}
    </LoadedSection>
  );
}

function SourcesHealth({ sources }: Pick<TenantHealth, 'sources'>) {
  const { t } = useTranslationRef(homeTranslationRef);
  if (!Array.isArray(sources)) {
    return (
      <>
        {t('platform.sourcesFailed', {
          reason: describeProblem(sources.error),
        })}
      </>
    );
  }
  if (sources.length === 0) {
    return <>{t('platform.noSources')}</>;
  }
  const problems = sources.filter(isTroubled).length;
  const number = String(sources.length);
  return (
    <>
      {problems > 0
        ? t('platform.problems', { problems: String(problems), number })
        : t('platform.sources', { number })}
    </>
  );
}
