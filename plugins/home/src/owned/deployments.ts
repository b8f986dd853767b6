import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  type ComponentStatus,
  type EnvironmentStatus,
} from '@portico/plugin-local-runtime-common';

/** Something that an environment was told to run. */
export interface Deployment {
  component: Entity;
  environment: string;
  /** As people know it; the beginning of its digest where nothing better is known. */
  version: string;
  at: string;
  status: EnvironmentStatus;
}

/**
 * What was deployed lately, the latest first.
 *
 * @param limit - how many at most
 */
export function deploymentsOf(
  components: readonly Entity[],
  statuses: ReadonlyMap<string, ComponentStatus>,
  limit: number,
): Deployment[] {
  return components
    .flatMap(component =>
      (statuses.get(stringifyEntityRef(component))?.environments ?? []).flatMap(
        (status): Deployment[] =>
          status.declared
            ? [
                {
                  component,
                  environment: status.environment,
                  version:
                    status.declared.version ??
                    status.declared.commit?.slice(0, 7) ??
                    status.declared.digest.slice('sha256:'.length, 19),
                  at: status.declared.since,
                  status,
                },
              ]
            : [],
      ),
    )
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, limit);
}
