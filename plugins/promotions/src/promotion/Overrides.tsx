import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Section } from '@portico/page-states';
import { type Override } from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { plainName } from '../content/names';
import { promotionsTranslationRef } from '../translation';

/** Glass that was broken: for what, by which two people, and what a review found. */
export function Overrides(props: { overrides: Override[] }) {
  const { overrides } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (overrides.length === 0) {
    return null;
  }
  return (
    <Section title={t('overrides.title')}>
      <ul className={styles.list}>
        {overrides.map(override => (
          <li key={override.at}>
            <p className={styles.text}>
              <strong>
                {t('overrides.by', {
                  who: plainName(override.by),
                  gates: override.gates.join(', '),
                })}
              </strong>
            </p>
            <p className={styles.text}>{override.reason}</p>
            <p className={styles.small}>
              {t('overrides.ticket', { ticket: override.ticket })},{' '}
              <Moment at={override.at} /> {t('overrides.expires')}{' '}
              <Moment at={override.expiresAt} />
            </p>
            {override.confirmed ? (
              <p className={styles.small}>
                {t('overrides.confirmed')}{' '}
                <EntityName entityRef={override.confirmed.by} />,{' '}
                <Moment at={override.confirmed.at} />
              </p>
            ) : (
              <p className={styles.bad}>{t('overrides.unconfirmed')}</p>
            )}
            {override.review ? (
              <p className={styles.text}>
                {t('overrides.reviewed')}{' '}
                <EntityName entityRef={override.review.by} />,{' '}
                {t(`overrides.${override.review.finding}`)}:{' '}
                {override.review.comment}
              </p>
            ) : (
              override.confirmed && (
                <p className={styles.small}>
                  {t('overrides.reviewDue')}{' '}
                  <Moment at={override.reviewDueAt} />
                </p>
              )
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
