import { useEffect } from 'react';
import {
  type TranslationFunction,
  useApi,
  useTranslationRef,
} from '@backstage/frontend-plugin-api';
import { usePermission } from '@backstage/plugin-permission-react';
import { describeProblem } from '@portico/page-states';
import { InboxList, type InboxPartProps } from '@portico/plugin-home';
import {
  type PromotionList,
  promotionReadPermission,
} from '@portico/plugin-promotions-common';
import { formatMoment } from '@portico/plugin-tenancy';
import useAsync from 'react-use/esm/useAsync';
import { promotionsApiRef } from '../api/PromotionsApi';
import styles from '../components/Section.module.css';
import { plainName, releaseName } from '../content/names';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { promotionsTranslationRef } from '../translation';

const SHOWN = 5;

type Translate = TranslationFunction<typeof promotionsTranslationRef.T>;

/** Promotions that wait for the person who looks: to approve, to confirm, to review. */
export function PromotionsPart({ onSettled }: InboxPartProps) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  const links = useDeliveryLinks();
  const access = usePermission({ permission: promotionReadPermission });
  const { loading, error, value } = useAsync(async () => {
    if (access.loading) {
      return undefined;
    }
    return access.allowed
      ? api.promotions({ forMe: 'true', limit: 100 })
      : { items: [] };
  }, [access.loading, access.allowed, api]);
  const isSettled = !loading && (error !== undefined || value !== undefined);
  const count = value?.items.length;
  useEffect(() => {
    if (isSettled) {
      onSettled(count);
    }
  }, [isSettled, count, onSettled]);

  if (error) {
    return (
      <p className={styles.quiet} role="status">
        {t('inbox.failed', { reason: describeProblem(error) })}
      </p>
    );
  }
  if (!value || value.items.length === 0) {
    return <></>;
  }
  return (
    <InboxList
      title={t('inbox.title')}
      total={value.items.length}
      items={value.items.slice(0, SHOWN).map(promotion => ({
        id: promotion.id,
        title: t(`inbox.${promotion.waitsFor ?? 'approval'}`, {
          what: releaseName(promotion.release),
          environment: promotion.environment,
        }),
        text: describe(promotion, t),
        href: links.promotion(promotion.id),
      }))}
      all={{ title: t('inbox.all'), href: links.promotions({ show: 'forMe' }) }}
    />
  );
}

function describe(
  promotion: PromotionList['items'][number],
  t: Translate,
): string {
  return [
    promotion.automatic
      ? t('inbox.automatic')
      : t('inbox.askedBy', { who: plainName(promotion.requestedBy) }),
    // A review is due after the promotion is over.
    promotion.waitsFor !== 'review' &&
      t('inbox.until', { when: formatMoment(promotion.expiresAt) }),
  ]
    .filter(Boolean)
    .join(', ');
}
