import { useEffect, useMemo, useState } from 'react';
import { stringifyEntityRef, parseEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Button, Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { type Me } from '@portico/plugin-tenancy-common';
import useAsync from 'react-use/esm/useAsync';
import { externalRoutes } from '../routes';
import { homeTranslationRef } from '../translation';
import { type Visit } from '../visits/visitOf';
import { VisitStore } from '../visits/VisitStore';
import styles from './HomeSection.module.css';
import { useEntityHref } from './useEntityHref';

/** What the person opened lately and may still see. */
export function VisitsSection(props: { me: Me; onReady(): void }) {
  const { me, onReady } = props;
  const { t } = useTranslationRef(homeTranslationRef);
  const catalog = useApi(catalogApiRef);
  const store = useMemo(() => VisitStore.of(me.userRef), [me.userRef]);
  const [visits, setVisits] = useState(() => store.list());

  // One question for all of them: what is gone or hidden by now is not listed.
  const { loading, error, value } = useAsync(async () => {
    const refs = visits
      .filter(({ page }) => page !== 'repository')
      .map(({ ref }) => ref);
    if (refs.length === 0) {
      return new Map<string, string>();
    }
    const { items } = await catalog.getEntitiesByRefs({
      entityRefs: refs,
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.title',
        'spec.profile.displayName',
      ],
    });
    return new Map(
      items.flatMap(item =>
        item
          ? [
              [
                stringifyEntityRef(item),
                item.metadata.title ?? item.metadata.name,
              ] as const,
            ]
          : [],
      ),
    );
  }, [catalog, visits]);
  useEffect(() => {
    if (!loading) {
      onReady();
    }
  }, [loading, onReady]);

  if (loading || error) {
    return null;
  }
  const shown = visits.flatMap(visit => {
    const title =
      visit.page === 'repository'
        ? parseEntityRef(visit.ref).name
        : value?.get(visit.ref);
    return title === undefined ? [] : [{ visit, title }];
  });
  return (
    <Section
      title={t('visits.title')}
      actions={
        shown.length > 0 && (
          <Button
            variant="tertiary"
            size="small"
            onPress={() => {
              store.clear();
              setVisits([]);
            }}
          >
            {t('visits.clear')}
          </Button>
        )
      }
    >
      {shown.length === 0 ? (
        <p className={styles.quiet}>{t('visits.empty')}</p>
      ) : (
        <>
          <ul className={styles.list}>
            {shown.map(({ visit, title }) => (
              <li key={`${visit.page} ${visit.ref}`}>
                <VisitLink visit={visit} title={title} />
              </li>
            ))}
          </ul>
          <p className={styles.note}>{t('visits.kept')}</p>
        </>
      )}
    </Section>
  );
}

function VisitLink({ visit, title }: { visit: Visit; title: string }) {
  const { t } = useTranslationRef(homeTranslationRef);
  const hrefOf = useEntityHref();
  const docsOf = useRouteRef(externalRoutes.docsOf);
  const repository = useRouteRef(externalRoutes.repository);
  const ref = parseEntityRef(visit.ref);
  switch (visit.page) {
    case 'entity':
      return <Link href={hrefOf(visit.ref)}>{title}</Link>;
    case 'docs':
      return (
        <Link href={docsOf?.({ ...ref }) ?? '/'}>
          {t('visits.docs', { name: title })}
        </Link>
      );
    case 'repository':
      return (
        <Link
          href={
            repository?.({ tenant: ref.namespace, repository: ref.name }) ?? '/'
          }
        >
          {t('visits.repository', { name: title })}
        </Link>
      );
    default: {
      const unknown: never = visit.page;
      throw new Error(`Unknown page ${unknown}`);
    }
  }
}
