import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { isEnd, type PromotionDetail } from '@portico/plugin-promotions-common';
import { EntityNames } from '../components/EntityName';
import { GateMark, PhaseMark, SampleMark } from '../components/marks';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';

/** Where a promotion stands, what its gates say, and who can still approve. */
export function PromotionProgress(props: { detail: PromotionDetail }) {
  const { promotion, gates, approvals } = props.detail;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const mayApprove = (gate: string) => [
    ...new Set(
      approvals
        .filter(approval => approval.gate === gate)
        .flatMap(({ rules }) => rules)
        .filter(({ missing }) => missing > 0)
        .flatMap(rule => rule.mayApprove),
    ),
  ];
  return (
    <>
      <div className={styles.row} role="status">
        <PhaseMark phase={promotion.phase} />
        {promotion.sample && <SampleMark />}
        <strong>{promotion.reason}</strong>
      </div>
      <p className={styles.quiet}>{t(`phaseText.${promotion.phase}`)}</p>
      {gates.length > 0 && (
        <ul className={styles.list} aria-label={t('gates.title')}>
          {gates.map(gate => {
            const people = isEnd(promotion.phase) ? [] : mayApprove(gate.gate);
            return (
              <li key={gate.gate}>
                <div className={styles.row}>
                  <GateMark outcome={gate.outcome} />
                  <strong>{gate.gate}</strong>
                  <span>{gate.reason}</span>
                </div>
                {people.length > 0 && (
                  <p className={styles.small}>
                    {t('approvals.mayApprove')}: <EntityNames refs={people} />
                  </p>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <p className={styles.small}>
        {promotion.endedAt ? (
          <>
            {t('promotion.endedAt')} <Moment at={promotion.endedAt} />
          </>
        ) : (
          <>
            {t('promotion.requestedAt')} <Moment at={promotion.requestedAt} />
          </>
        )}
      </p>
    </>
  );
}
