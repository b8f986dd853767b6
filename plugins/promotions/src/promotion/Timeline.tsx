import { useRouteRef, useTranslationRef } from '@backstage/frontend-plugin-api';
import { Link } from '@backstage/ui';
import { Section } from '@portico/page-states';
import { type PromotionDetail } from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { PhaseMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { externalRoutes } from '../routes';
import { promotionsTranslationRef } from '../translation';

/** Each step of a promotion's life, the newest first. */
export function Timeline(props: { detail: PromotionDetail }) {
  const { promotion, transitions } = props.detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const audit = useRouteRef(externalRoutes.auditEntries)?.();
  return (
    <Section
      title={t('timeline.title')}
      actions={
        audit && (
          <Link
            href={`${audit}?${new URLSearchParams({
              subject: `promotion:${promotion.id}`,
            })}`}
          >
            {t('timeline.audit')}
          </Link>
        )
      }
    >
      <ol className={styles.list} reversed>
        {[...transitions].reverse().map(transition => (
          <li key={transition.sequence}>
            <div className={styles.row}>
              <PhaseMark phase={transition.to} />
              <span className={styles.small}>
                <Moment at={transition.at} />
              </span>
            </div>
            <p className={styles.text}>{transition.reason}</p>
            <p className={styles.small}>
              <EntityName entityRef={transition.by} />
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
