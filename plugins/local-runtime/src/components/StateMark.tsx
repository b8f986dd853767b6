import {
  type EnvironmentState,
  type RunState,
} from '@portico/plugin-local-runtime-common';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { localRuntimeTranslationRef } from '../translation';
import styles from './StateMark.module.css';

type Tone = 'positive' | 'negative' | 'warning' | 'active' | 'quiet';

/** A state in words, with a mark that differs in shape as well as in colour. */
function Mark(props: { tone: Tone; text: string }) {
  return (
    <span className={`${styles.mark} ${styles[props.tone]}`}>{props.text}</span>
  );
}

/** How an environment is. */
export function EnvironmentMark(props: { state: EnvironmentState }) {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  return (
    <Mark
      tone={environmentTone(props.state)}
      text={t(`state.${props.state}`)}
    />
  );
}

/** How a run is, or how it ended. */
export function RunMark(props: { state: RunState }) {
  const { t } = useTranslationRef(localRuntimeTranslationRef);
  return (
    <Mark tone={runTone(props.state)} text={t(`runState.${props.state}`)} />
  );
}

function environmentTone(state: EnvironmentState): Tone {
  switch (state) {
    case 'running':
      return 'positive';
    case 'starting':
      return 'active';
    case 'unhealthy':
      return 'warning';
    case 'crashing':
    case 'failed':
      return 'negative';
    case 'sleeping':
    case 'stopped':
    case 'notDeclared':
      return 'quiet';
    default: {
      const unknown: never = state;
      throw new Error(`Unknown state ${unknown}`);
    }
  }
}

function runTone(state: RunState): Tone {
  switch (state) {
    case 'succeeded':
      return 'positive';
    case 'running':
      return 'active';
    case 'failed':
    case 'timedOut':
      return 'negative';
    case 'queued':
    case 'superseded':
      return 'quiet';
    default: {
      const unknown: never = state;
      throw new Error(`Unknown state ${unknown}`);
    }
  }
}
