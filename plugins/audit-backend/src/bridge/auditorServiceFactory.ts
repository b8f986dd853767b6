import { randomUUID } from 'crypto';
import {
  DefaultAuditorService,
  type AuditorEvent,
} from '@backstage/backend-defaults/auditor';
import {
  type AuditorService,
  type AuditorServiceCreateEventOptions,
  type AuthService,
  coreServices,
  createServiceFactory,
  type HttpAuthService,
  type LoggerService,
  type RootConfigService,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  type PorticoDatabase,
  porticoDatabaseServiceRef,
} from '@portico/database';
import {
  anonymousAuditContext,
  type AuditContext,
  type AuditRecord,
  pluginAuditContext,
  recordAudit,
  signedInAs,
} from '@portico/plugin-audit-node';
import { z } from 'zod';
import {
  type DescribedEvent,
  describeEvent,
  keptOf,
  tenantOf,
} from './describeEvent';

const levelSchema = z.enum(['debug', 'info', 'warn', 'error']);

const levelsSchema = z.object({
  low: levelSchema.default('debug'),
  medium: levelSchema.default('info'),
  high: levelSchema.default('info'),
  critical: levelSchema.default('info'),
});

/**
 * The auditor of stock plugins, bridged into the audit. It logs as the stock one does;
 * and an event that is more than reading has an entry before the work, without which the
 * work does not begin, and one of its end.
 */
export const auditorServiceFactory = createServiceFactory({
  service: coreServices.auditor,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    database: porticoDatabaseServiceRef,
    httpAuth: coreServices.httpAuth,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
  },
  factory: ({ config, plugin, ...services }) => {
    const pluginId = plugin.getId();
    const stock = DefaultAuditorService.create(
      createLog(config, services.logger.child({ isAuditEvent: true })),
      { ...services, plugin },
    );
    return createBridge({ ...services, pluginId, stock });
  },
});

/** Puts the audit behind a stock auditor. */
export function createBridge(options: {
  auth: AuthService;
  httpAuth: HttpAuthService;
  database: PorticoDatabase;
  logger: LoggerService;
  pluginId: string;
  stock: AuditorService;
}): AuditorService {
  const { database, logger, pluginId, stock } = options;
  return {
    async createEvent(event) {
      if ((event.severityLevel ?? 'low') === 'low') {
        return stock.createEvent(event);
      }
      const described = describeEvent(pluginId, event);
      const { chain, context } = await identify(event, described, options);
      const base: AuditRecord = {
        chain,
        context,
        act: described.act,
        subject: described.subject,
        correlation: randomUUID(),
        payloadDigest: described.payloadDigest,
        details: described.details,
      };
      await recordAudit(database, { ...base, outcome: 'started' });
      const logged = await stock.createEvent(event);
      const end = async (more: Partial<AuditRecord>) => {
        try {
          await recordAudit(database, {
            ...base,
            ...more,
            details: { ...base.details, ...more.details },
          });
        } catch (error) {
          // The work is done; that it began is recorded.
          logger.error(
            `The end of ${base.act.name} (${base.correlation}) could not be recorded`,
            error as Error,
          );
        }
      };
      return {
        async success(more) {
          await end({ outcome: 'succeeded', details: keptOf(more?.meta) });
          await logged.success(more);
        },
        async fail(more) {
          await end({
            outcome:
              more.error.name === 'NotAllowedError' ? 'refused' : 'failed',
            reason: more.error.message || more.error.name,
            details: keptOf(more.meta),
          });
          await logged.fail(more);
        },
      };
    },
  };
}

/** Who did it, and whose chain it belongs to. */
async function identify(
  event: AuditorServiceCreateEventOptions,
  described: DescribedEvent,
  { auth, httpAuth, pluginId }: Parameters<typeof createBridge>[0],
): Promise<{ chain: string; context: AuditContext }> {
  const { request } = event;
  if (!request) {
    return {
      chain: described.tenant,
      context: pluginAuditContext(pluginId, {
        onBehalfOf: described.onBehalfOf,
      }),
    };
  }
  const from = anonymousAuditContext(request);
  const credentials = await httpAuth.credentials(request);
  if (auth.isPrincipal(credentials, 'user')) {
    const { userEntityRef, actor } = credentials.principal;
    return {
      chain: tenantOf(userEntityRef),
      context: actor
        ? {
            ...from,
            actor: { kind: 'plugin', ref: actor.subject },
            onBehalfOf: userEntityRef,
          }
        : signedInAs(from, userEntityRef),
    };
  }
  return {
    chain: described.tenant,
    context: auth.isPrincipal(credentials, 'service')
      ? {
          ...from,
          actor: { kind: 'plugin', ref: credentials.principal.subject },
        }
      : from,
  };
}

/** The log of the stock auditor, with its levels from the configuration. */
function createLog(config: RootConfigService, logger: LoggerService) {
  const key = 'backend.auditor.severityLogLevelMappings';
  const levels = levelsSchema.safeParse(config.getOptional(key) ?? {});
  if (!levels.success) {
    throw new InputError(
      `Configuration key '${key}' is wrong: ${z.prettifyError(levels.error)}`,
    );
  }
  return (event: AuditorEvent) => {
    const level = levels.data[event.severityLevel];
    const name = `${event.plugin}.${event.eventId}`;
    if ('error' in event) {
      const { error, ...rest } = event;
      // The message alone: an error of a check may carry what was sent.
      logger[level](name, {
        ...rest,
        error: error instanceof Error ? error.message : String(error),
      });
    } else {
      logger[level](name, event);
    }
  };
}
