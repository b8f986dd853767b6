import { type ReactElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, type Tone } from '@portico/page-states';
import {
  type RolloutAct,
  type RolloutProgress,
} from '@portico/plugin-promotions-common';
import {
  RiAlarmWarningLine,
  RiArrowGoBackLine,
  RiCheckLine,
  RiForbid2Line,
  RiHourglassLine,
  RiLoopRightLine,
  RiPauseLine,
  RiQuestionLine,
  RiSkipRightLine,
} from '@remixicon/react';
import { promotionsTranslationRef } from '../translation';

interface Look {
  tone: Tone;
  icon: ReactElement;
}

const states: Record<RolloutProgress['state'], Look> = {
  progressing: { tone: 'announcement', icon: <RiLoopRightLine /> },
  paused: { tone: 'warning', icon: <RiPauseLine /> },
  healthy: { tone: 'positive', icon: <RiCheckLine /> },
  degraded: { tone: 'negative', icon: <RiAlarmWarningLine /> },
  aborted: { tone: 'negative', icon: <RiArrowGoBackLine /> },
};

/** Where a rollout is. */
export function RolloutMark(props: { state: RolloutProgress['state'] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark {...states[props.state]} text={t(`rolloutState.${props.state}`)} />
  );
}

const acts: Record<RolloutAct['state'], Look> = {
  asked: { tone: 'announcement', icon: <RiHourglassLine /> },
  done: { tone: 'positive', icon: <RiCheckLine /> },
  refused: { tone: 'negative', icon: <RiForbid2Line /> },
  unanswered: { tone: 'warning', icon: <RiQuestionLine /> },
  lapsed: { tone: 'plain', icon: <RiSkipRightLine /> },
};

/** What became of something that was asked of a rollout. */
export function RolloutActMark(props: { state: RolloutAct['state'] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark {...acts[props.state]} text={t(`rolloutActState.${props.state}`)} />
  );
}
