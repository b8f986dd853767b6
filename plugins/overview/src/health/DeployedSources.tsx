import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { describeProblem } from '@portico/page-states';
import styles from '../components/Section.module.css';
import { overviewTranslationRef } from '../translation';
import { type Deployed } from './useDeployed';

/** Who told what runs where, or why it is not known; it keeps its line meanwhile. */
export function DeployedSources({ deployed }: { deployed: Deployed }) {
  const { t } = useTranslationRef(overviewTranslationRef);
  if (deployed.error) {
    return (
      <p className={styles.quiet} role="alert">
        {t('health.failed', { reason: describeProblem(deployed.error) })}
      </p>
    );
  }
  const environments = [...(deployed.value?.values() ?? [])].flat();
  const sources = [
    ...new Set(environments.flatMap(({ source }) => source ?? [])),
  ].sort();
  const isDelivered = environments.some(each => each.deployedAt !== undefined);
  return (
    <p className={styles.quiet}>
      {deployed.value ? (
        <>
          {isDelivered && `${t('health.delivered')} `}
          {sources.length > 0 &&
            t('health.source', { sources: sources.join(', ') })}
        </>
      ) : (
        <span aria-hidden>–</span>
      )}
    </p>
  );
}
