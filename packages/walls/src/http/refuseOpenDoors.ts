import { type Config } from '@backstage/config';

/**
 * Refuses a configuration that leaves a door beside the walls.
 *
 * @throws Error naming the key
 */
export function refuseOpenDoors(config: Config): void {
  if (config.getOptionalBoolean('permission.enabled') !== true) {
    throw new Error(
      "Configuration key 'permission.enabled' must be true: without it everybody may do everything",
    );
  }
  if (
    config.getOptionalBoolean(
      'backend.auth.dangerouslyDisableDefaultAuthPolicy',
    )
  ) {
    throw new Error(
      "Configuration key 'backend.auth.dangerouslyDisableDefaultAuthPolicy' must not be true: remove it",
    );
  }
  if (config.has('backend.auth.externalAccess')) {
    throw new Error(
      "Configuration key 'backend.auth.externalAccess' must be removed: its tokens see all tenants; create machine tokens instead",
    );
  }
}
