import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';

/**
 * Actions that act inside of the task's own folder, or check the tenant themselves.
 * All others run with the portal's own access to other systems.
 */
const LISTED_ACTIONS: readonly [string, ...string[]] = [
  'portico:fetch:template',
  'portico:publish',
  'portico:catalog:register',
  'portico:promotion:gate',
  'debug:log',
  'fs:delete',
  'fs:rename',
];

const NEVER = /^(?:fetch|catalog):/;

/**
 * The scaffolder actions that tasks may run: the built-in list, and what the platform
 * adds with `portico.scaffolder.additionalActions`.
 *
 * @throws InputError when the configuration adds an action that fetches with the portal's
 *   own access; such an action reaches into other tenants
 */
export function readScaffolderActions(
  config: Config,
): readonly [string, ...string[]] {
  const key = 'portico.scaffolder.additionalActions';
  const additional = config.getOptionalStringArray(key) ?? [];
  const refused = additional.find(id => NEVER.test(id));
  if (refused) {
    throw new InputError(
      `Configuration key '${key}' names '${refused}', which reads across tenants: use the portico:* action instead`,
    );
  }
  return [...LISTED_ACTIONS, ...additional];
}
