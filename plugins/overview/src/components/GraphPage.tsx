import { useEffect, useState, useSyncExternalStore } from 'react';
import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  useApi,
  useRouteRef,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { catalogApiRef } from '@backstage/plugin-catalog-react';
import { Link, SearchField } from '@backstage/ui';
import { LoadingState, ProblemState } from '@portico/page-states';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import { titleOf } from '../relations/relations';
import { graphRouteRef } from '../routes';
import { overviewTranslationRef } from '../translation';
import { kindText } from './EntityList';
import styles from './GraphPage.module.css';
import { DependencyGraphPanel } from './graph/DependencyGraphPanel';
import sectionStyles from './Section.module.css';
import { useEntityHref } from './useEntityHref';
import { watchAddress } from './watchAddress';

const FOUND = 20;
/** Milliseconds without a key before the catalog is asked. */
const PAUSE = 200;

/** The dependency graph around one entity, which the address names. */
export function GraphPage() {
  const root = useRootOfAddress();
  return (
    <main className={styles.root}>
      {root === undefined ? (
        <Choice />
      ) : (
        <GraphOf key={root} entityRef={root} />
      )}
    </main>
  );
}

/** `?root=component:aurora/cart`; the form of the stock page is understood as well. */
function useRootOfAddress(): string | undefined {
  const query = useSyncExternalStore(
    watchAddress,
    () => window.location.search,
  );
  const parameters = new URLSearchParams(query);
  return (
    parameters.get('root') ??
    parameters.get('rootEntityRefs[]') ??
    parameters.get('rootEntityRefs') ??
    undefined
  );
}

function GraphOf({ entityRef }: { entityRef: string }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  const catalog = useApi(catalogApiRef);
  const hrefOf = useEntityHref();
  const graphPage = useRouteRef(graphRouteRef);
  const { loading, error, value, retry } = useAsyncRetry(async () => {
    const entity = await catalog.getEntityByRef(entityRef);
    return { entity };
  }, [catalog, entityRef]);

  if (error) {
    return (
      <>
        <h1 className={styles.title}>{t('graphPage.title')}</h1>
        <ProblemState error={error} onRetry={retry} />
      </>
    );
  }
  if (loading || !value) {
    return (
      <>
        <h1 className={styles.title}>{t('graphPage.title')}</h1>
        <LoadingState />
      </>
    );
  }
  const { entity } = value;
  return (
    <>
      <div className={styles.head}>
        <h1 className={styles.title}>
          {entity
            ? t('graphPage.of', { name: titleOf(entity) })
            : t('graphPage.absent')}
        </h1>
        {entity && (
          <Link href={hrefOf(stringifyEntityRef(entity))}>
            {t('graphPage.openEntity', { name: titleOf(entity) })}
          </Link>
        )}
        <Link href={graphPage?.() ?? '/'}>{t('graphPage.other')}</Link>
      </div>
      {entity ? (
        <DependencyGraphPanel entity={entity} isTall />
      ) : (
        <p>{t('graphPage.absentText')}</p>
      )}
    </>
  );
}

function Choice() {
  const { t } = useTranslationRef(overviewTranslationRef);
  const catalog = useApi(catalogApiRef);
  const graphPage = useRouteRef(graphRouteRef);
  const [text, setText] = useState('');
  const wanted = useSettled(text.trim());
  const { error, value, retry } = useAsyncRetry(async () => {
    const { items } = await catalog.queryEntities({
      filter: { kind: ['system', 'component', 'api', 'resource', 'domain'] },
      fields: [
        'kind',
        'metadata.name',
        'metadata.namespace',
        'metadata.title',
        'spec.type',
      ],
      orderFields: { field: 'metadata.name', order: 'asc' },
      limit: FOUND,
      ...(wanted && {
        fullTextFilter: {
          term: wanted,
          fields: ['metadata.name', 'metadata.title'],
        },
      }),
    });
    return { items, wanted };
  }, [catalog, wanted]);

  return (
    <>
      <h1 className={styles.title}>{t('graphPage.title')}</h1>
      <SearchField
        className={styles.search}
        label={t('graphPage.choose')}
        description={t('graphPage.chooseText')}
        value={text}
        onChange={setText}
      />
      {error && (
        <ProblemState
          error={error}
          title={t('graphPage.failed')}
          onRetry={retry}
        />
      )}
      {!error && !value && <LoadingState />}
      {value && (
        <div role="status" className={styles.found}>
          {value.items.length === 0 ? (
            <p>{t('graphPage.none', { text: value.wanted })}</p>
          ) : (
            <ul className={sectionStyles.list}>
              {value.items.map((entity: Entity) => {
                const ref = stringifyEntityRef(entity);
                return (
                  <li key={ref}>
                    <Link
                      href={`${graphPage?.() ?? ''}?${new URLSearchParams({
                        root: ref,
                      })}`}
                    >
                      {titleOf(entity)}
                    </Link>
                    <span className={sectionStyles.quiet}>
                      {kindText(ref, entity)}
                    </span>
                  </li>
                );
              })}
            </ul>
          )}
        </div>
      )}
    </>
  );
}

/** A text once nobody has changed it for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
