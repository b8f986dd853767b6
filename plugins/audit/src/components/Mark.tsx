import { type ReactElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, type Tone } from '@portico/page-states';
import {
  type AuditOutcome,
  type AuditSeverity,
} from '@portico/plugin-audit-common';
import {
  RiAlarmWarningLine,
  RiArrowDownSLine,
  RiArrowUpDoubleLine,
  RiArrowUpSLine,
  RiCheckLine,
  RiCloseLine,
  RiForbid2Line,
  RiHourglassLine,
} from '@remixicon/react';
import { auditTranslationRef } from '../translation';

const outcomes: Record<AuditOutcome, { tone: Tone; icon: ReactElement }> = {
  started: { tone: 'announcement', icon: <RiHourglassLine /> },
  succeeded: { tone: 'positive', icon: <RiCheckLine /> },
  failed: { tone: 'negative', icon: <RiCloseLine /> },
  refused: { tone: 'warning', icon: <RiForbid2Line /> },
};

/** What became of an act. */
export function OutcomeMark(props: { outcome: AuditOutcome }) {
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <Mark {...outcomes[props.outcome]} text={t(`outcome.${props.outcome}`)} />
  );
}

const severities: Record<AuditSeverity, { tone: Tone; icon: ReactElement }> = {
  low: { tone: 'plain', icon: <RiArrowDownSLine /> },
  medium: { tone: 'plain', icon: <RiArrowUpSLine /> },
  high: { tone: 'warning', icon: <RiArrowUpDoubleLine /> },
  critical: { tone: 'strong', icon: <RiAlarmWarningLine /> },
};

/** How much an act matters. */
export function SeverityMark(props: { severity: AuditSeverity }) {
  const { t } = useTranslationRef(auditTranslationRef);
  return (
    <Mark
      {...severities[props.severity]}
      text={t(`severity.${props.severity}`)}
    />
  );
}
