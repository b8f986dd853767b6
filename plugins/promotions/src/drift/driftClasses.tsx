import { type ReactElement } from 'react';
import { type Tone } from '@portico/page-states';
import { type DriftClass } from '@portico/plugin-promotions-common';
import {
  RiErrorWarningLine,
  RiEyeOffLine,
  RiGitBranchLine,
  RiEditLine,
  RiHourglassLine,
  RiLoopLeftLine,
  RiQuestionLine,
  RiScales3Line,
  RiTimeLine,
} from '@remixicon/react';

/** How a class of drift looks; what it is stands beside it in words. */
export const driftClasses: Record<
  DriftClass,
  { tone: Tone; icon: ReactElement }
> = {
  pendingChange: { tone: 'announcement', icon: <RiHourglassLine /> },
  liveDrift: { tone: 'negative', icon: <RiEditLine /> },
  stuckDriftLoop: { tone: 'negative', icon: <RiLoopLeftLine /> },
  manualSyncAging: { tone: 'warning', icon: <RiTimeLine /> },
  staleVerdict: { tone: 'warning', icon: <RiEyeOffLine /> },
  missing: { tone: 'negative', icon: <RiErrorWarningLine /> },
  orphaned: { tone: 'warning', icon: <RiGitBranchLine /> },
  versionSkew: { tone: 'warning', icon: <RiScales3Line /> },
  unknown: { tone: 'plain', icon: <RiQuestionLine /> },
};
