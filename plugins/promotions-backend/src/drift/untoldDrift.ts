import { type DriftClass } from '@portico/plugin-promotions-common';

/**
 * Drift that is listed and that nobody is told of: a change that waits is a deployment on its
 * way (after a day `manualSyncAging` is told), and where nobody can tell, or what was compared
 * is old, there is nothing that the owners of a component could mend.
 */
export const untoldDrift: readonly DriftClass[] = [
  'pendingChange',
  'staleVerdict',
  'unknown',
];
