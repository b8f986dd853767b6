import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Link } from '@backstage/ui';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { type HomeBasics } from '../../owned/useHomeBasics';
import { homeTranslationRef } from '../../translation';
import styles from '../HomeSection.module.css';
import { useEntityHref } from '../useEntityHref';
import { LoadedSection } from './LoadedSection';

const SHOWN = 8;

/** For those who ask who owns what: the groups of the tenant and how much they own. */
export function OrganisationSection(props: {
  basics: HomeBasics;
  onReady(): void;
}) {
  const { basics, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const catalog = useApi(catalogApiRef);
  const hrefOf = useEntityHref();
  const tenant = basics.me.tenant.id;
  const request = useAsyncRetry(async () => {
    const { facets } = await catalog.getEntityFacets({
      filter: { 'metadata.namespace': tenant },
      facets: ['relations.ownedBy'],
    });
    return (facets['relations.ownedBy'] ?? [])
      .filter(({ value: ref }) => ref.startsWith('group:'))
      .sort((a, b) => b.count - a.count);
  }, [catalog, tenant]);

  return (
    <LoadedSection
      title={t('organisation.title')}
      failed={t('organisation.failed')}
      request={request}
      onReady={onReady}
    >
      {value => (
        <>
          {value.length === 0 ? (
            <p className={styles.quiet}>{t('organisation.none')}</p>
          ) : (
            <ul className={styles.list}>
              {value.slice(0, SHOWN).map(({ value: ref, count }) => (
                <li key={ref} className={styles.pair}>
                  <Link href={hrefOf(ref)}>
                    {basics.groups.nameOf(ref).title}
                  </Link>
                  <span className={styles.quiet}>
                    {t('organisation.owns', { number: String(count) })}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </LoadedSection>
  );
}
