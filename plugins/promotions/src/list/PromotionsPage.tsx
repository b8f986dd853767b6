import { useCallback, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Container, Select } from '@backstage/ui';
import { EmptyState, LoadingState, ProblemState } from '@portico/page-states';
import {
  type PromotionList as List,
  type PromotionQuery,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import { useLive } from '../hooks/useLive';
import { promotionsTranslationRef } from '../translation';
import styles from './PromotionsPage.module.css';
import { PromotionTable } from './PromotionTable';

const views = ['all', 'open', 'ended', 'forMe'] as const;
type View = (typeof views)[number];

/** Promotions of the tenant, newest first. */
export function PromotionsPage() {
  return (
    <PromotionsAccess>
      <PromotionsOfTenant />
    </PromotionsAccess>
  );
}

function PromotionsOfTenant() {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const [view, setView] = useState<View>(
    () =>
      readView(new URLSearchParams(window.location.search).get('show')) ??
      'all',
  );
  return (
    <Container>
      <div className={styles.root}>
        <div className={styles.filter}>
          <Select
            label={t('list.show')}
            options={views.map(id => ({ id, label: t(`list.${id}`) }))}
            value={view}
            onChange={key => setView(readView(String(key)) ?? 'all')}
          />
        </div>
        <PromotionsOfView key={view} view={view} />
      </div>
    </Container>
  );
}

function PromotionsOfView(props: { view: View }) {
  const { view } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const live = useLive(
    useCallback(() => api.promotions(queryOf(view)), [api, view]),
    event => event.type === 'promotion',
  );
  const { value, error, loading, reload } = live;
  const loadMore = useCallback(
    (cursor: string): Promise<List> =>
      api.promotions({ ...queryOf(view), cursor }),
    [api, view],
  );
  return (
    <>
      {loading && <LoadingState label={t('list.loading')} lines={6} />}
      {error !== undefined && (
        <ProblemState error={error} title={t('list.failed')} onRetry={reload} />
      )}
      {value?.items.length === 0 && (
        <EmptyState
          title={t(
            view === 'forMe' ? 'list.emptyForMeTitle' : 'list.emptyTitle',
          )}
          description={t(view === 'forMe' ? 'list.emptyForMe' : 'list.empty')}
        />
      )}
      {value && value.items.length > 0 && (
        <PromotionTable first={value} loadMore={loadMore} />
      )}
    </>
  );
}

function queryOf(view: View): PromotionQuery {
  switch (view) {
    case 'all':
      return {};
    case 'open':
    case 'ended':
      return { phase: view };
    case 'forMe':
      return { forMe: 'true' };
    default:
      return view satisfies never;
  }
}

function readView(text: string | null): View | undefined {
  return views.find(view => view === text);
}
