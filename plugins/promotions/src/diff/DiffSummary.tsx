import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type DiffSummary as Summary,
  type Risk,
} from '@portico/plugin-promotions-common';
import { RiskMark } from '../components/marks';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';

/** A change in numbers, and its risks. */
export function DiffSummary(props: { summary: Summary }) {
  const { summary } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <div className={styles.gapped}>
      <p className={styles.text}>
        {[
          t('diff.imageCount', { count: summary.images }),
          t('diff.commitCount', { count: summary.commits }),
          t('diff.objectCount', { count: summary.objects }),
          t('diff.lines', {
            added: String(summary.added),
            removed: String(summary.removed),
          }),
        ].join(', ')}
      </p>
      <RiskList risks={summary.risks} />
    </div>
  );
}

const order: Record<Risk['severity'], number> = { high: 0, medium: 1, low: 2 };

/** Risks of a change, the gravest first. */
export function RiskList(props: { risks: readonly Risk[] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const risks = [...props.risks].sort(
    (a, b) => order[a.severity] - order[b.severity],
  );
  if (risks.length === 0) {
    return <p className={styles.quiet}>{t('diff.noRisks')}</p>;
  }
  return (
    <ul className={styles.list} aria-label={t('diff.risks')}>
      {risks.map((risk, index) => (
        <li key={index} className={styles.row}>
          <RiskMark severity={risk.severity} />
          <span>{risk.text}</span>
          {(risk.resource ?? risk.path) && (
            <code className={styles.small}>
              {[risk.resource, risk.path].filter(Boolean).join(' ')}
            </code>
          )}
        </li>
      ))}
    </ul>
  );
}
