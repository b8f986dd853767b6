import {
  type HttpAuthService,
  type LoggerService,
  type PermissionsService,
} from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { type TenancyService } from '@portico/plugin-tenancy-node';
import { type Router } from 'express';
import { type ClientConfig } from 'pg';
import { type AuditConfig, retentionDays } from '../config/readAuditConfig';
import { EntryExport } from '../export/EntryExport';
import { ChainQuery } from '../query/ChainQuery';
import { EntryQuery } from '../query/EntryQuery';
import { ProofQuery } from '../query/ProofQuery';
import { ChainSignal } from '../tail/ChainSignal';
import { LiveTail } from '../tail/LiveTail';
import { AuditAccess } from './AuditAccess';
import { createRouter } from './createRouter';
import { type RouterOptions } from './RouterOptions';

/** What the API of the audit is made of. */
export interface AuditApiOptions {
  settings: Pick<AuditConfig, 'checkpoints' | 'origin' | 'retention'>;
  database: PorticoDatabase;
  /** For the one connection that hears of new entries. */
  connection: ClientConfig;
  logger: LoggerService;
  httpAuth: HttpAuthService;
  permissions: PermissionsService;
  tenancy: Pick<TenancyService, 'principal'>;
  erasures: RouterOptions['erasures'];
  now: () => Date;
  /** Milliseconds between the heartbeats of live views. */
  heartbeatMilliseconds?: number;
}

/** The routes under `/api/audit`, and what ends their live views when the portal stops. */
export function createAuditApi(options: AuditApiOptions): {
  router: Router;
  close: () => Promise<void>;
} {
  const { settings, database, logger, now, erasures } = options;
  const { origin, retention } = settings;
  const chains = new ChainQuery({
    database,
    destinations: settings.checkpoints.destinations,
    retentionDays: chain => retentionDays(retention, chain),
  });
  const signal = new ChainSignal(options);
  const tail = new LiveTail({ ...options, signal });
  const router = createRouter({
    database,
    logger,
    origin,
    access: new AuditAccess({ ...options, chains }),
    entries: new EntryQuery({ database }),
    chains,
    proofs: new ProofQuery({ database }),
    exports: new EntryExport({ database, chains, origin, now }),
    tail,
    erasures,
  });
  return {
    router,
    close: async () => {
      tail.close();
      await signal.close();
    },
  };
}
