import {
  type EnvironmentState,
  type EnvironmentStatus,
} from '@portico/plugin-local-runtime-common';
import { ofRuntime, stateTones } from './DeployedEnvironment';
import { DeployedMark } from './DeployedMark';

/** An environment of the local runtime and its state, with the reason where something is wrong. */
export function EnvironmentMark(props: { status: EnvironmentStatus }) {
  return <DeployedMark deployed={ofRuntime(props.status)} />;
}

/** Whether something should be done about a state. */
export function isInTrouble(state: EnvironmentState): boolean {
  return stateTones[state] === 'bad';
}
