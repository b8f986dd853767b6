import { type RootConfigService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import {
  type ConfiguredSystem,
  readSystems,
} from '@portico/plugin-bindings-node';
import { readSecretSealer } from '@portico/sealing';
import { CredentialStore } from './service/CredentialStore';
import { GrantStore } from './service/GrantStore';

/** What the routes and the service work with. */
export interface BindingsStores {
  systems: ReadonlyMap<string, ConfiguredSystem>;
  grants: GrantStore;
  credentials: CredentialStore;
}

/** The stores on Portico's own tables, with the systems of the configuration. */
export function createStores(options: {
  config: RootConfigService;
  database: PorticoDatabase;
}): BindingsStores {
  const { config, database } = options;
  const systems = readSystems(config);
  const now = () => new Date();
  return {
    systems,
    grants: new GrantStore({ database, now }),
    credentials: new CredentialStore({
      database,
      sealer: readSecretSealer(config, {
        key: 'bindings.sealingKeys',
        purpose: 'portico bindings credentials',
      }),
      systems,
      now,
    }),
  };
}
