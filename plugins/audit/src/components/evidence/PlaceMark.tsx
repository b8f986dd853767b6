import { type ReactElement } from 'react';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { Mark, type Tone } from '@portico/page-states';
import {
  RiAlarmWarningLine,
  RiCheckLine,
  RiHourglassLine,
  RiSubtractLine,
} from '@remixicon/react';
import { type PlaceState } from '../../content/placeStates';
import { auditTranslationRef } from '../../translation';

const marks: Record<PlaceState, { tone: Tone; icon: ReactElement }> = {
  current: { tone: 'positive', icon: <RiCheckLine /> },
  empty: { tone: 'announcement', icon: <RiHourglassLine /> },
  behind: { tone: 'announcement', icon: <RiHourglassLine /> },
  failing: { tone: 'strong', icon: <RiAlarmWarningLine /> },
  none: { tone: 'warning', icon: <RiSubtractLine /> },
};

/** How an external place does, in a word. */
export function PlaceMark(props: { state: PlaceState }) {
  const { t } = useTranslationRef(auditTranslationRef);
  return <Mark {...marks[props.state]} text={t(`place.${props.state}`)} />;
}
