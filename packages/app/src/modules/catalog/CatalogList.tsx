import { useEffect, useMemo, useRef } from 'react';
import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';
import { Button, ButtonLink } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import { useAddressQuery } from '../../useAddressQuery';
import styles from './CatalogList.module.css';
import {
  type CatalogView,
  changeView,
  defaultView,
  isNarrowed,
  readView,
  writeView,
} from './catalogView';
import { EntityTable } from './EntityTable';
import { FilterBar } from './FilterBar';
import { isKnownKind } from './kinds';
import { catalogListTranslationRef } from './translation';
import { useChoices } from './useChoices';
import { type EntityPage, PAGE_SIZE, useEntityPage } from './useEntityPage';
import { useViewer } from './useViewer';

const PLATFORM = 'default';

type ChangeView = (
  change: Partial<CatalogView>,
  how?: 'push' | 'replace',
) => void;

/**
 * A list of the catalog with its filters. What is shown stands in the address, so it can
 * be shared, reloaded and left by the back button.
 */
export function CatalogList(props: {
  /** The kind that the list begins with, or is about. */
  kind: string;
  isKindFixed?: boolean;
}) {
  const { kind, isKindFixed = false } = props;
  const { t } = useTranslationRef(catalogListTranslationRef);
  const [query, changeQuery] = useAddressQuery();
  const view = useMemo(
    () => readView(query, kind, isKindFixed),
    [query, kind, isKindFixed],
  );
  const viewer = useViewer();
  const { page, isLoading, error, retry } = useEntityPage(view);
  const choices = useChoices({
    view,
    viewer,
    withKinds: !isKindFixed,
    isReady: page !== undefined,
  });
  const isEmpty = page?.rows.length === 0 && !isLoading;
  const count = useRef<HTMLParagraphElement>(null);
  const wasTurned = useRef(false);

  const show = (next: CatalogView, how: 'push' | 'replace' = 'push') =>
    changeQuery(writeView(next, kind, isKindFixed), how);
  const change: ChangeView = (part, how) => show(changeView(view, part), how);
  const turn = (to: number, cursor: string | undefined) => {
    wasTurned.current = true;
    show({ ...view, page: to, cursor: to > 1 ? cursor : undefined });
  };

  // The button that turned the page is below it; reading goes on at its top.
  useEffect(() => {
    if (wasTurned.current && !isLoading) {
      wasTurned.current = false;
      count.current?.focus();
      count.current?.scrollIntoView?.({ block: 'center' });
    }
  }, [isLoading]);

  return (
    <div className={styles.root}>
      <div className={styles.filters}>
        {viewer && (
          <FilterBar
            view={view}
            choices={choices}
            hasKinds={!isKindFixed}
            hasScopes={viewer.tenant !== PLATFORM}
            onChange={change}
          />
        )}
      </div>
      {error ? (
        <ProblemState
          error={error}
          title={t('failed')}
          onRetry={() =>
            view.cursor === undefined
              ? retry()
              : show({ ...view, page: 1, cursor: undefined })
          }
        />
      ) : (
        <>
          <div className={styles.bar}>
            <p ref={count} tabIndex={-1} role="status" className={styles.count}>
              {page && <Count view={view} page={page} />}
            </p>
            {isNarrowed(view) && (
              <Button
                size="small"
                variant="tertiary"
                onPress={() =>
                  show({ ...defaultView(view.kind), scope: view.scope })
                }
              >
                {t('filter.clear')}
              </Button>
            )}
          </div>
          <div
            className={styles.list}
            role="region"
            aria-label={
              isKnownKind(view.kind) ? t(`kinds.${view.kind}`) : view.kind
            }
            data-loading={page === undefined}
          >
            {!page && <LoadingState lines={10} />}
            {page && isEmpty && <Nothing view={view} onChange={change} />}
            {page && !isEmpty && (
              <EntityTable
                kind={view.kind}
                rows={page.rows}
                isStale={isLoading}
                sort={{ field: view.sort, isDescending: view.isDescending }}
                onSort={(sort, isDescending) => change({ sort, isDescending })}
                marksPlatform={
                  view.scope === 'all' && viewer?.tenant !== PLATFORM
                }
              />
            )}
            {page && (page.nextCursor || view.page > 1) && (
              <nav className={styles.pages} aria-label={t('pages')}>
                <Button
                  variant="secondary"
                  isDisabled={isLoading || view.page === 1}
                  onPress={() => turn(view.page - 1, page.previousCursor)}
                >
                  {t('previous')}
                </Button>
                <Button
                  variant="secondary"
                  isDisabled={isLoading || !page.nextCursor}
                  onPress={() => turn(view.page + 1, page.nextCursor)}
                >
                  {t('next')}
                </Button>
              </nav>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Count(props: { view: CatalogView; page: EntityPage }) {
  const { view, page } = props;
  const { t } = useTranslationRef(catalogListTranslationRef);
  const pages = Math.ceil(page.total / PAGE_SIZE);
  return (
    <>
      {t('count', { count: page.total })}
      {pages > 1 &&
        `, ${t('page', { page: String(view.page), pages: String(pages) })}`}
    </>
  );
}

/** Why there is no row, and where to go from here. */
function Nothing(props: { view: CatalogView; onChange: ChangeView }) {
  const { view, onChange } = props;
  const { t } = useTranslationRef(catalogListTranslationRef);
  const createRoute = useRouteRef(scaffolderPlugin.routes.root);
  const isFiltered = isNarrowed(view);
  return (
    <EmptyState
      title={isFiltered ? t('noMatch') : t('none')}
      description={isFiltered ? t('noMatchHint') : t('noneHint')}
      action={
        <>
          {isFiltered && (
            <Button
              variant="primary"
              onPress={() =>
                onChange({ ...defaultView(view.kind), scope: view.scope })
              }
            >
              {t('filter.clear')}
            </Button>
          )}
          {!isFiltered && createRoute && (
            <ButtonLink variant="primary" href={createRoute()}>
              {t('create')}
            </ButtonLink>
          )}
          {view.scope === 'own' && (
            <Button
              variant="secondary"
              onPress={() => onChange({ scope: 'all' })}
            >
              {t('showAll')}
            </Button>
          )}
        </>
      }
    />
  );
}
