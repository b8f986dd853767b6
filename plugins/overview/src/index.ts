export { overviewPlugin as default } from './plugin';
export { EnvironmentMark, isInTrouble } from './health/EnvironmentMark';
export { type Statuses, useStatuses } from './health/useStatuses';
