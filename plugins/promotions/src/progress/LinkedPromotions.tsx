import { useCallback } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { Link } from '@backstage/ui';
import {
  describeProblem,
  LoadingState,
  problemKindOf,
  ProblemState,
  Section,
} from '@portico/page-states';
import {
  type DeliveryEvent,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import styles from '../components/Section.module.css';
import { releaseName } from '../content/names';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { useLive } from '../hooks/useLive';
import { promotionTitleKey } from '../promotion/promotionTitleKey';
import { promotionsTranslationRef } from '../translation';
import { promotionIdsIn } from './promotionIdsIn';
import { PromotionProgress } from './PromotionProgress';

/** A run of a template has one, or a few where it promotes to several environments. */
const SHOWN = 5;

/**
 * How the promotions go that some addresses lead to, such as those in the output of a run of
 * a template. Other addresses, and promotions that the reader cannot see, are left out.
 */
export function LinkedPromotions(props: { addresses: readonly string[] }) {
  const links = useDeliveryLinks();
  const access = usePermission({ permission: promotionReadPermission });
  const ids = promotionIdsIn(props.addresses, {
    origin: window.location.origin,
    pathOf: links.promotion,
  });
  if (!access.allowed) {
    return null;
  }
  return (
    <>
      {ids.slice(0, SHOWN).map(id => (
        <LinkedPromotion key={id} id={id} />
      ))}
    </>
  );
}

function LinkedPromotion(props: { id: string }) {
  const { id } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const links = useDeliveryLinks();
  const load = useCallback(() => api.promotion(id), [api, id]);
  const concerns = useCallback(
    (event: DeliveryEvent) =>
      event.type === 'stop' || (event.type === 'promotion' && event.id === id),
    [id],
  );
  const { value: detail, error, reload } = useLive(load, concerns);
  if (error !== undefined && problemKindOf(error) === 'absent') {
    return null;
  }
  const promotion = detail?.promotion;
  return (
    <Section
      title={
        promotion
          ? t(promotionTitleKey(promotion.kind), {
              what: releaseName(promotion.release),
              environment: promotion.environment,
            })
          : t('progress.title')
      }
      actions={<Link href={links.promotion(id)}>{t('progress.open')}</Link>}
    >
      {error !== undefined && detail && (
        <p className={styles.bad} role="status">
          {t('promotion.stale', { reason: describeProblem(error) })}
        </p>
      )}
      {error !== undefined && !detail && (
        <ProblemState
          error={error}
          title={t('promotion.failed')}
          onRetry={reload}
        />
      )}
      {error === undefined && !detail && (
        <LoadingState label={t('promotion.loading')} lines={6} />
      )}
      {detail && <PromotionProgress detail={detail} />}
    </Section>
  );
}
