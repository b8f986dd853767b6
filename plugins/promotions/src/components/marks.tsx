import { type ReactElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, type Tone } from '@portico/page-states';
import {
  type Deployment,
  type GateOutcome,
  type Observation,
  type PromotionDetail,
  type PromotionPhase,
  type Risk,
} from '@portico/plugin-promotions-common';
import {
  RiAlarmWarningLine,
  RiArrowGoBackLine,
  RiCheckLine,
  RiCloseLine,
  RiDeleteBinLine,
  RiForbid2Line,
  RiHourglassLine,
  RiLoopRightLine,
  RiPauseLine,
  RiPlayLine,
  RiQuestionLine,
  RiSkipRightLine,
  RiTestTubeLine,
  RiTimeLine,
} from '@remixicon/react';
import { promotionsTranslationRef } from '../translation';

interface Look {
  tone: Tone;
  icon: ReactElement;
}

const phases: Record<PromotionPhase, Look> = {
  pending: { tone: 'plain', icon: <RiHourglassLine /> },
  evaluating: { tone: 'announcement', icon: <RiLoopRightLine /> },
  waiting: { tone: 'warning', icon: <RiTimeLine /> },
  ready: { tone: 'announcement', icon: <RiCheckLine /> },
  running: { tone: 'announcement', icon: <RiPlayLine /> },
  verifying: { tone: 'announcement', icon: <RiLoopRightLine /> },
  succeeded: { tone: 'positive', icon: <RiCheckLine /> },
  rejected: { tone: 'negative', icon: <RiForbid2Line /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
  errored: { tone: 'negative', icon: <RiQuestionLine /> },
  expired: { tone: 'plain', icon: <RiTimeLine /> },
  superseded: { tone: 'plain', icon: <RiSkipRightLine /> },
  cancelled: { tone: 'plain', icon: <RiDeleteBinLine /> },
  rolledBack: { tone: 'warning', icon: <RiArrowGoBackLine /> },
};

/** Where a promotion stands. */
export function PhaseMark(props: { phase: PromotionPhase }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return <Mark {...phases[props.phase]} text={t(`phase.${props.phase}`)} />;
}

const healths: Record<Observation['health'], Look> = {
  healthy: { tone: 'positive', icon: <RiCheckLine /> },
  progressing: { tone: 'announcement', icon: <RiLoopRightLine /> },
  degraded: { tone: 'negative', icon: <RiAlarmWarningLine /> },
  suspended: { tone: 'warning', icon: <RiPauseLine /> },
  missing: { tone: 'negative', icon: <RiCloseLine /> },
  unknown: { tone: 'plain', icon: <RiQuestionLine /> },
};

/** How what runs in an environment does. */
export function HealthMark(props: { health: Observation['health'] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return <Mark {...healths[props.health]} text={t(`health.${props.health}`)} />;
}

const outcomes: Record<GateOutcome, Look> = {
  passed: { tone: 'positive', icon: <RiCheckLine /> },
  waiting: { tone: 'warning', icon: <RiTimeLine /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
  unanswered: { tone: 'warning', icon: <RiQuestionLine /> },
  overridden: { tone: 'strong', icon: <RiAlarmWarningLine /> },
};

/** What a gate says. */
export function GateMark(props: { outcome: GateOutcome }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark {...outcomes[props.outcome]} text={t(`gate.${props.outcome}`)} />
  );
}

const results: Record<Deployment['result'], Look> = {
  succeeded: { tone: 'positive', icon: <RiCheckLine /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
  rolledBack: { tone: 'warning', icon: <RiArrowGoBackLine /> },
};

/** What became of a deployment. */
export function ResultMark(props: { result: Deployment['result'] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return <Mark {...results[props.result]} text={t(`result.${props.result}`)} />;
}

type Standing = PromotionDetail['votes'][number]['standing'];

const standings: Record<Standing, Look> = {
  counts: { tone: 'positive', icon: <RiCheckLine /> },
  spare: { tone: 'plain', icon: <RiCheckLine /> },
  rejects: { tone: 'negative', icon: <RiForbid2Line /> },
  stale: { tone: 'warning', icon: <RiTimeLine /> },
  replaced: { tone: 'plain', icon: <RiLoopRightLine /> },
  withdrawn: { tone: 'plain', icon: <RiArrowGoBackLine /> },
  expired: { tone: 'plain', icon: <RiTimeLine /> },
  excluded: { tone: 'warning', icon: <RiForbid2Line /> },
  notEligible: { tone: 'plain', icon: <RiForbid2Line /> },
  signInTooOld: { tone: 'warning', icon: <RiTimeLine /> },
};

/** How a vote counts now. */
export function VoteMark(props: { standing: Standing }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark
      {...standings[props.standing]}
      text={t(`standing.${props.standing}`)}
    />
  );
}

const severities: Record<Risk['severity'], Look> = {
  low: { tone: 'plain', icon: <RiAlarmWarningLine /> },
  medium: { tone: 'warning', icon: <RiAlarmWarningLine /> },
  high: { tone: 'negative', icon: <RiAlarmWarningLine /> },
};

/** How much a risk of a change matters. */
export function RiskMark(props: { severity: Risk['severity'] }) {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark {...severities[props.severity]} text={t(`risk.${props.severity}`)} />
  );
}

/** Says that something was made up for the demo. */
export function SampleMark() {
  const { t } = useTranslationRef(promotionsTranslationRef);
  return (
    <Mark tone="plain" icon={<RiTestTubeLine />} text={t('common.sample')} />
  );
}
