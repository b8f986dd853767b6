import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { describeProblem } from '@portico/page-states';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';
import { useRollout } from './useRollout';

/** In a lane: how far the rollout of the promotion that is under way there is. */
export function RolloutLine(props: { promotion: string }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  const { value, error } = useRollout(props.promotion);
  if (!value) {
    return (
      <p className={styles.small}>
        {error === undefined ? t('rollout.loading') : describeProblem(error)}
      </p>
    );
  }
  const { rollouts = [], windows, problem } = value.progress ?? {};
  return (
    <>
      {rollouts.map(({ name, reason }) => (
        <p key={name} className={styles.small}>
          {t('rollout.lane', { reason })}
        </p>
      ))}
      {windows && !windows.open && (
        <p className={styles.bad}>
          {t('rollout.laneClosed', { reason: windows.reason })}
        </p>
      )}
      {problem && (
        <p className={styles.small}>{t('rollout.problem', { problem })}</p>
      )}
    </>
  );
}
