import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { overviewTranslationRef } from '../translation';
import { type DeployedEnvironment, stateTones } from './DeployedEnvironment';
import styles from './DeployedMark.module.css';

/** An environment, what runs there and how it is, with the reason where something is wrong. */
export function DeployedMark(props: { deployed: DeployedEnvironment }) {
  const { environment, version, state, reason } = props.deployed;
  const { t } = useTranslationRef(overviewTranslationRef);
  const tone = stateTones[state];
  const stateText = t(`health.state.${state}`);
  return (
    <span className={styles.root}>
      <span className={styles.dot} data-tone={tone} aria-hidden />
      {version === undefined
        ? t('health.environment', { environment, state: stateText })
        : t('health.version', { environment, version, state: stateText })}
      {tone === 'bad' && reason && (
        <span className={styles.reason}>{reason}</span>
      )}
    </span>
  );
}
