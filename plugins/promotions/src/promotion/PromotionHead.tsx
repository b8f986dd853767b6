import { type ReactNode } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Alert, Link } from '@backstage/ui';
import { isEnd, type PromotionDetail } from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { EnvironmentLink } from '../components/EnvironmentLink';
import { Moment } from '../components/Moment';
import { PhaseMark, SampleMark } from '../components/marks';
import styles from '../components/Section.module.css';
import { shortDigest } from '../content/shortDigest';
import { useDeliveryLinks } from '../hooks/useDeliveryLinks';
import { promotionsTranslationRef } from '../translation';
import headStyles from './PromotionHead.module.css';

/** What is to come where, who asked for it and when, and where it stands. */
export function PromotionHead(props: {
  detail: PromotionDetail;
  title: string;
}) {
  const { title, detail } = props;
  const { promotion } = detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const links = useDeliveryLinks();
  const delivery = links.delivery(promotion.component);
  return (
    <div className={headStyles.head}>
      <div className={styles.row}>
        <h2 className={headStyles.title}>{title}</h2>
        <PhaseMark phase={promotion.phase} />
        {promotion.sample && <SampleMark />}
      </div>
      <p className={styles.text} role="status">
        <strong>{promotion.reason}</strong>
      </p>
      <p className={styles.quiet}>{t(`phaseText.${promotion.phase}`)}</p>
      {promotion.overridden && (
        <Alert status="danger" icon title={t('promotion.overridden')} />
      )}
      {promotion.sample && (
        <p className={styles.quiet}>{t('promotion.sample')}</p>
      )}
      <dl className={styles.facts} aria-label={t('promotion.facts')}>
        <Fact name={t('promotion.component')}>
          {delivery ? (
            <Link href={delivery}>
              <EntityName entityRef={promotion.component} isPlain />
            </Link>
          ) : (
            <EntityName entityRef={promotion.component} />
          )}
        </Fact>
        <Fact name={t('promotion.environment')}>
          <EnvironmentLink
            environment={promotion.environment}
            environmentRef={detail.stage.environmentRef}
          />
        </Fact>
        <Fact name={t('promotion.release')}>
          <strong>{promotion.release.content.version}</strong>{' '}
          <code title={promotion.release.id}>
            {shortDigest(promotion.release.id)}
          </code>
        </Fact>
        <Fact name={t('promotion.replaces')}>
          {promotion.before ? (
            <>
              {promotion.before.content.version}{' '}
              <code title={promotion.before.id}>
                {shortDigest(promotion.before.id)}
              </code>
            </>
          ) : (
            t('promotion.nothingBefore')
          )}
        </Fact>
        <Fact name={t('promotion.requestedBy')}>
          {promotion.automatic ? (
            t('promotion.automatic')
          ) : (
            <EntityName entityRef={promotion.requestedBy} />
          )}
        </Fact>
        <Fact name={t('promotion.requestedAt')}>
          <Moment at={promotion.requestedAt} />
        </Fact>
        {promotion.endedAt ? (
          <Fact name={t('promotion.endedAt')}>
            <Moment at={promotion.endedAt} />
          </Fact>
        ) : (
          !isEnd(promotion.phase) && (
            <Fact name={t('promotion.expiresAt')}>
              <Moment at={promotion.expiresAt} />
            </Fact>
          )
        )}
        <Fact name={t('promotion.subject')}>
          {promotion.subject ? (
            <code title={promotion.subject}>
              {shortDigest(promotion.subject)}
            </code>
          ) : (
            t('promotion.subjectNone')
          )}
        </Fact>
      </dl>
      {promotion.comment && (
        <p className={styles.text}>
          <span className={styles.small}>{t('promotion.comment')}: </span>
          {promotion.comment}
        </p>
      )}
      {promotion.supersededBy && (
        <Link href={links.promotion(promotion.supersededBy)}>
          {t('promotion.supersededBy')}
        </Link>
      )}
    </div>
  );
}

function Fact(props: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
