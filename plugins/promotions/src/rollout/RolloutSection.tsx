import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { LoadingState, ProblemState, Section } from '@portico/page-states';
import {
  type PromotionDetail,
  type RolloutOfPromotion,
  type SyncWindowsStanding,
} from '@portico/plugin-promotions-common';
import { EntityName } from '../components/EntityName';
import { ExternalLink } from '../components/ExternalLink';
import { Moment } from '../components/Moment';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';
import { RolloutActMark } from './marks';
import rolloutStyles from './Rollout.module.css';
import { RolloutProgressView } from './RolloutProgressView';
import { useRollout } from './useRollout';

/** How a promotion by Argo CD comes to run; nothing with other drivers. */
export function RolloutSection(props: { detail: PromotionDetail }) {
  const { promotion, stage } = props.detail;
  return stage.environment.delivery.driver === 'argocd' ? (
    <Rollout promotion={promotion.id} />
  ) : null;
}

function Rollout(props: { promotion: string }) {
  const { promotion } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const live = useRollout(promotion);
  const { value, error, loading } = live;
  return (
    <Section title={t('rollout.title')}>
      {loading && <LoadingState label={t('rollout.loading')} lines={4} />}
      {error !== undefined && (
        <ProblemState
          error={error}
          title={t('rollout.failed')}
          onRetry={live.reload}
        />
      )}
      {value && (
        <>
          <Progress promotion={promotion} value={value} onAsked={live.show} />
          <Acts acts={value.acts} />
        </>
      )}
    </Section>
  );
}

function Progress(props: {
  promotion: string;
  value: RolloutOfPromotion;
  onAsked(answer: RolloutOfPromotion): void;
}) {
  const { promotion, value, onAsked } = props;
  const { progress, maySteer } = value;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (!progress) {
    return value.acts.length === 0 ? (
      <p className={styles.quiet}>{t('rollout.over')}</p>
    ) : null;
  }
  const { problem, rollouts, windows } = progress;
  return (
    <>
      {problem && (
        <p className={styles.bad} role="status">
          {t('rollout.problem', { problem })}
        </p>
      )}
      {rollouts.length === 0 && !problem && (
        <p className={styles.quiet}>{t('rollout.none')}</p>
      )}
      {rollouts.length > 0 && (
        <ul className={styles.list}>
          {rollouts.map(rollout => (
            <RolloutProgressView
              key={rollout.name}
              promotion={promotion}
              rollout={rollout}
              maySteer={maySteer}
              onAsked={onAsked}
            />
          ))}
        </ul>
      )}
      {windows && <Windows windows={windows} />}
      <p className={styles.small}>
        <ExternalLink href={progress.url}>
          {t('rollout.source', { source: progress.source })}
        </ExternalLink>{' '}
        <Moment at={progress.observedAt} />
      </p>
    </>
  );
}

function Windows(props: { windows: SyncWindowsStanding }) {
  const { open, reason, windows } = props.windows;
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <div className={rolloutStyles.part}>
      <h3 className={styles.subtitle}>{t('rollout.windows')}</h3>
      <p className={open ? styles.text : styles.bad}>
        {t(open ? 'rollout.windowsOpen' : 'rollout.windowsClosed')}: {reason}
      </p>
      {windows.length > 0 && (
        <ul className={rolloutStyles.windows}>
          {windows.map(({ kind, schedule, duration, active, manualSync }) => (
            <li
              key={`${kind} ${schedule} ${duration}`}
              className={styles.small}
            >
              {[
                t('rollout.window', { kind, schedule, duration }),
                active && t('rollout.windowActive'),
                manualSync && t('rollout.manualSync'),
              ]
                .filter(Boolean)
                .join(', ')}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Acts(props: { acts: RolloutOfPromotion['acts'] }) {
  const { acts } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (acts.length === 0) {
    return null;
  }
  return (
    <div className={rolloutStyles.part}>
      <h3 className={styles.subtitle}>{t('rollout.acts')}</h3>
      <ul className={styles.list}>
        {acts.map(act => (
          <li key={act.id}>
            <div className={styles.row}>
              <RolloutActMark state={act.state} />
              <strong>
                {t('rolloutAction.of', {
                  action: t(`rolloutAction.${act.action}`),
                  name: act.rollout,
                })}
              </strong>
            </div>
            <p className={styles.text}>{act.reason}</p>
            {act.outcome && <p className={styles.text}>{act.outcome}</p>}
            <p className={styles.small}>
              <EntityName entityRef={act.by} />, <Moment at={act.at} />
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
