import {
  coreServices,
  createServiceFactory,
  createServiceRef,
} from '@backstage/backend-plugin-api';
import { readRequestLimits } from './readRequestLimits';
import { SharedTurns } from './SharedTurns';
import { TenantTurns } from './TenantTurns';
import { type Turns } from './Turns';

/** Who says when a request may run. */
export interface AllTurns {
  /** For rows with `listsMany`. */
  lists: Turns;
  /** For all others. */
  others: Turns;
}

/** The turns of all tenants, over all plugins. */
export const tenantTurnsServiceRef = createServiceRef<AllTurns>({
  id: 'portico.walls.tenant-turns',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: { config: coreServices.rootConfig },
      factory: ({ config }) => {
        const { atOnce, listsAtOnce } = readRequestLimits(config);
        return {
          lists: new SharedTurns(listsAtOnce),
          others: new TenantTurns(atOnce),
        };
      },
    }),
});
