import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type EnvironmentState,
  type EnvironmentStatus,
} from '@portico/plugin-local-runtime-common';
import { overviewTranslationRef } from '../translation';
import styles from './EnvironmentMark.module.css';

/** How a state looks; what it is stands beside it in words. */
const stateTones: Record<EnvironmentState, 'good' | 'bad' | 'busy' | 'quiet'> =
  {
    notDeclared: 'quiet',
    stopped: 'quiet',
    sleeping: 'quiet',
    starting: 'busy',
    running: 'good',
    unhealthy: 'bad',
    crashing: 'bad',
    failed: 'bad',
  };

/** An environment and its state, with the reason where something is wrong. */
export function EnvironmentMark(props: { status: EnvironmentStatus }) {
  const { environment, state, reason } = props.status;
  const { t } = useTranslationRef(overviewTranslationRef);
  const tone = stateTones[state];
  return (
    <span className={styles.root}>
      <span className={styles.dot} data-tone={tone} aria-hidden />
      {t('health.environment', {
        environment,
        state: t(`health.state.${state}`),
      })}
      {tone === 'bad' && reason && (
        <span className={styles.reason}>{reason.message}</span>
      )}
    </span>
  );
}

/** Whether something should be done about a state. */
export function isInTrouble(state: EnvironmentState): boolean {
  return stateTones[state] === 'bad';
}
