import { useCallback, useEffect, useState } from 'react';
import {
  BreadcrumbEntry,
  useApi,
  useRouteRefParams,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { Alert, Container, Link } from '@backstage/ui';
import {
  describeProblem,
  LoadingState,
  problemKindOf,
  ProblemState,
  Section,
} from '@portico/page-states';
import {
  type DeliveryEvent,
  type DiffSummary,
  type PromotionDetail,
  promotionIdSchema,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { PromotionsAccess } from '../components/PromotionsAccess';
import { DiffView } from '../diff/DiffView';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { type Live, useLive } from '../hooks/useLive';
import { promotionRouteRef } from '../routes';
import { promotionsTranslationRef } from '../translation';
import { Actions } from './Actions';
import { Approvals } from './Approvals';
import { Effects } from './Effects';
import { Gates } from './Gates';
import { Overrides } from './Overrides';
import { PromotionHead } from './PromotionHead';
import styles from './PromotionPage.module.css';
import { promotionTitleKey } from './promotionTitleKey';
import { Timeline } from './Timeline';
import { RolloutSection } from '../rollout/RolloutSection';
import { releaseName } from '../content/names';

/** One promotion: where it stands, why, and what it changes. */
export function PromotionPage() {
  const { id } = useRouteRefParams(promotionRouteRef);
  return (
    <PromotionsAccess>
      {promotionIdSchema.safeParse(id).success ? (
        <PromotionOfAddress key={id} id={id} />
      ) : (
        <NoSuchPromotion />
      )}
    </PromotionsAccess>
  );
}

function PromotionOfAddress(props: { id: string }) {
  const { id } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const load = useCallback(() => api.promotion(id), [api, id]);
  const concerns = useCallback(
    (event: DeliveryEvent) =>
      event.type === 'stop' || (event.type === 'promotion' && event.id === id),
    [id],
  );
  const live = useLive(load, concerns);
  const { value: detail, error, loading } = live;
  if (error !== undefined && problemKindOf(error) === 'absent') {
    return <NoSuchPromotion />;
  }
  return (
    <Container>
      {loading && <LoadingState label={t('promotion.loading')} lines={8} />}
      {error !== undefined && !detail && (
        <ProblemState
          error={error}
          title={t('promotion.failed')}
          onRetry={live.reload}
        />
      )}
      {detail && <PromotionContent detail={detail} live={live} />}
    </Container>
  );
}

function PromotionContent(props: {
  detail: PromotionDetail;
  live: Live<PromotionDetail>;
}) {
  const { detail, live } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const { promotion } = detail;
  const [diff, setDiff] = useState<ShownDiff>();
  const title = t(promotionTitleKey(promotion.kind), {
    what: releaseName(promotion.release),
    environment: promotion.environment,
  });
  return (
    <BreadcrumbEntry entry={{ label: title, href: '' }}>
      <div className={styles.root}>
        {live.error !== undefined && (
          <Alert
            role="status"
            status="warning"
            icon
            title={t('promotion.stale', {
              reason: describeProblem(live.error),
            })}
          />
        )}
        <PromotionHead detail={detail} title={title} />
        <div className={styles.columns}>
          <div className={styles.side}>
            <Actions
              detail={detail}
              diff={
                diff?.version === promotion.subject ? diff?.summary : undefined
              }
              onDone={live.show}
              onChanged={live.reload}
            />
          </div>
          <div className={styles.main}>
            <Overrides overrides={detail.overrides} />
            <Gates detail={detail} />
            <Approvals detail={detail} />
            <Diff detail={detail} onDiff={setDiff} />
          </div>
          <div className={styles.side}>
            <RolloutSection detail={detail} />
            <Effects detail={detail} />
            <Timeline detail={detail} />
          </div>
        </div>
      </div>
    </BreadcrumbEntry>
  );
}

/** What changes in short, and which subject it is of. */
interface ShownDiff {
  version: string;
  summary: DiffSummary;
}

/** What changes; asked for again only when something else is voted on. */
function Diff(props: {
  detail: PromotionDetail;
  onDiff(diff: ShownDiff): void;
}) {
  const { onDiff } = props;
  const { id, subject, revision } = props.detail.promotion;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  // While nothing is worked out yet each step may bring it.
  const version = subject ?? String(revision);
  const [state, setState] = useState<{
    version: string;
    diff?: Awaited<ReturnType<typeof api.promotionDiff>>;
    error?: unknown;
  }>();
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let isOver = false;
    api.promotionDiff(id).then(
      diff => {
        if (!isOver) {
          setState({ version, diff });
          onDiff({ version, summary: diff.summary });
        }
      },
      error => !isOver && setState({ version, error }),
    );
    return () => {
      isOver = true;
    };
  }, [api, id, version, turn, onDiff]);
  return (
    <Section title={t('diff.title')}>
      {!state && <LoadingState label={t('diff.loading')} lines={6} />}
      {state?.error !== undefined && (
        <ProblemState
          error={state.error}
          title={t('diff.failed')}
          onRetry={() => setTurn(turn + 1)}
        />
      )}
      {state?.diff && <DiffView diff={state.diff} />}
    </Section>
  );
}

/** Says the same of what is absent and of what is another tenant's. */
function NoSuchPromotion() {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  return (
    <Container py="5">
      <Alert
        role="alert"
        status="info"
        icon
        title={t('promotion.absentTitle')}
        description={t('promotion.absentText')}
        customActions={
          <Link href={links.promotions()}>{t('promotion.all')}</Link>
        }
      />
    </Container>
  );
}
