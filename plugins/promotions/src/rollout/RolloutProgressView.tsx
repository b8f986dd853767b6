import { useId, useState } from 'react';
import { useApi, useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type RolloutAction,
  type RolloutOfPromotion,
  type RolloutProgress,
} from '@portico/plugin-promotions-common';
import { promotionsApiRef } from '../api/PromotionsApi';
import { ActionButton } from '../components/ActionButton';
import { Moment } from '../components/Moment';
import { ReasonDialog } from '../components/ReasonDialog';
import styles from '../components/Section.module.css';
import { promotionsTranslationRef } from '../translation';
import { RolloutMark } from './marks';
import rolloutStyles from './Rollout.module.css';

/** One rollout: how far it is, and what can be done about it. */
export function RolloutProgressView(props: {
  promotion: string;
  rollout: RolloutProgress;
  maySteer: RolloutOfPromotion['maySteer'];
  onAsked(answer: RolloutOfPromotion): void;
}) {
  const { rollout, maySteer } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const refusalId = useId();
  const [asking, setAsking] = useState<RolloutAction>();
  const actions = actionsOf(rollout);
  return (
    <li aria-label={rollout.name} className={rolloutStyles.part}>
      <div className={styles.row}>
        <RolloutMark state={rollout.state} />
        <strong>{rollout.name}</strong>
      </div>
      <p className={styles.text}>{rollout.reason}</p>
      <Weight rollout={rollout} />
      <Pause rollout={rollout} />
      {rollout.blueGreen?.active && (
        <p className={styles.small}>
          {t('rollout.active', { pods: rollout.blueGreen.active })}
        </p>
      )}
      {rollout.blueGreen?.preview && (
        <p className={styles.small}>
          {t('rollout.preview', { pods: rollout.blueGreen.preview })}
        </p>
      )}
      {actions.length > 0 && (
        <>
          <div className={styles.buttons}>
            {actions.map(action => (
              <ActionButton
                key={action}
                text={t(`rolloutAction.${action}`)}
                label={t('rolloutAction.of', {
                  action: t(`rolloutAction.${action}`),
                  name: rollout.name,
                })}
                variant={action === 'promote' ? 'primary' : 'secondary'}
                isDestructive={action === 'abort'}
                refusal={maySteer.allowed ? undefined : maySteer.why}
                refusalId={refusalId}
                onPress={() => setAsking(action)}
              />
            ))}
          </div>
          {!maySteer.allowed && (
            <p id={refusalId} className={styles.small}>
              {maySteer.why}
            </p>
          )}
        </>
      )}
      {asking && (
        <SteerDialog
          {...props}
          action={asking}
          onClose={() => setAsking(undefined)}
        />
      )}
    </li>
  );
}

/** What makes sense where a rollout is, whoever looks. */
function actionsOf({ state, position }: RolloutProgress): RolloutAction[] {
  if (!position) {
    return [];
  }
  switch (state) {
    case 'paused':
      return ['promote', 'promoteFully', 'abort'];
    case 'progressing':
    case 'degraded':
      return ['pause', 'promoteFully', 'abort'];
    case 'healthy':
    case 'aborted':
      return [];
    default:
      return state satisfies never;
  }
}

function SteerDialog(props: {
  promotion: string;
  rollout: RolloutProgress;
  action: RolloutAction;
  onAsked(answer: RolloutOfPromotion): void;
  onClose(): void;
}) {
  const { promotion, rollout, action, onAsked, onClose } = props;
  const { t } = useTranslationRef(promotionsTranslationRef);
  const api = useApi(promotionsApiRef);
  // What is shown now is what is meant, whatever comes while the dialog is open.
  const [seen] = useState(rollout.position);
  return (
    <ReasonDialog
      title={t('rolloutAction.of', {
        action: t(`rolloutAction.${action}`),
        name: rollout.name,
      })}
      text={t(`rolloutActionText.${action}`)}
      submit={t(`rolloutAction.${action}`)}
      onSubmit={async reason => {
        if (seen) {
          onAsked(
            await api.steerRollout(promotion, {
              action,
              rollout: rollout.name,
              seen,
              reason,
            }),
          );
        }
      }}
      onClose={onClose}
    />
  );
}

function Weight(props: { rollout: RolloutProgress }) {
  const { weight, steps, position } = props.rollout;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (weight === undefined) {
    return null;
  }
  const text = t('rollout.weight', { weight: String(weight) });
  const now = position?.step ?? 0;
  return (
    <>
      <p className={styles.text}>{text}</p>
      <progress
        className={rolloutStyles.bar}
        max={100}
        value={weight}
        aria-label={text}
      />
      {steps.length > 0 && (
        <ol className={rolloutStyles.steps} aria-label={t('rollout.steps')}>
          {steps.map((step, index) => (
            <li
              // Steps have no name, and never change their place.
              // eslint-disable-next-line react/no-array-index-key
              key={index}
              aria-current={index === now ? 'step' : undefined}
              data-done={index < now || undefined}
              aria-label={t(`rollout.${standing(index, now)}`, { step })}
            >
              {step}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function standing(index: number, now: number) {
  if (index === now) {
    return 'stepNow';
  }
  return index < now ? 'step' : 'stepNext';
}

function Pause(props: { rollout: RolloutProgress }) {
  const { pausedSince, pausedUntil } = props.rollout;
  const { t } = useTranslationRef(promotionsTranslationRef);
  if (!pausedSince) {
    return null;
  }
  return (
    <p className={styles.small}>
      {t('rollout.pausedSince')} <Moment at={pausedSince} />{' '}
      {pausedUntil ? (
        <>
          {t('rollout.pausedUntil')} <Moment at={pausedUntil} />
        </>
      ) : (
        t('rollout.pausedForPeople')
      )}
    </p>
  );
}
