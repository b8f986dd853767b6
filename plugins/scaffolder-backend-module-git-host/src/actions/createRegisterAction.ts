import { setTimeout as wait } from 'node:timers/promises';
import { type PermissionsService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { type EventsService } from '@backstage/plugin-events-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import { gitHostRepositoryCreatePermission } from '@portico/plugin-git-host-common';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  assertPermission,
  readInitiator,
  TENANCY_SOURCES_TOPIC,
  type TenancyService,
  type TenancySourcesEvent,
} from '@portico/plugin-tenancy-node';
import { readRepositoryName } from '../initiator/readRepositoryName';
import { readFirstEntityRef } from './readFirstEntityRef';

const LOOK_AGAIN_MS = 100;

/**
 * `portico:catalog:register`: makes a repository of the initiator's tenant a source
 * of the catalog and waits until its first entity can be seen.
 */
export function createRegisterAction(options: {
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  events: Pick<EventsService, 'publish'>;
  gitHost: GitHostService;
  permissions: Pick<PermissionsService, 'authorize'>;
  tenancy: Pick<TenancyService, 'principal' | 'sources'>;
  /** Milliseconds to wait for the entity; 20 s without it. */
  patienceMs?: number;
}) {
  const { catalog, events, gitHost, permissions, tenancy } = options;
  const patienceMs = options.patienceMs ?? 20_000;

  return createTemplateAction({
    id: 'portico:catalog:register',
    description:
      'Makes a repository of the own tenant a source of the catalog and waits until what it describes can be seen there.',
    supportsDryRun: true,
    schema: {
      input: {
        repository: z =>
          z.string({
            description: 'Name of the repository, without the tenant',
          }),
        path: z =>
          z
            .string({
              description: 'The catalog file; catalog-info.yaml by default',
            })
            .optional(),
      },
      output: {
        entityRef: z =>
          z.string({ description: 'The first component of the file' }),
      },
    },
    async handler(ctx) {
      const repository = readRepositoryName(ctx.input.repository);
      const path = ctx.input.path ?? 'catalog-info.yaml';
      const initiator = await readInitiator(ctx, tenancy);
      const { tenant, userRef } = initiator.principal;
      await assertPermission(
        initiator,
        gitHostRepositoryCreatePermission,
        permissions,
      );
      if (ctx.isDryRun) {
        ctx.logger.info(`Would register ${tenant}/${repository}`);
        ctx.output('entityRef', `component:${tenant}/${repository}`);
        return;
      }

      const found = await gitHost.get({ tenant, repository });
      if (!found?.head) {
        throw new NotFoundError(
          `There is no repository '${repository}' with content in '${tenant}'; publish it first`,
        );
      }
      const content = await gitHost.readFile({
        tenant,
        repository,
        ref: found.defaultBranch,
        path,
      });
      const entityRef = readFirstEntityRef(content.toString('utf8'), {
        tenant,
        path,
      });

      const startedAt = Date.now();
      await tenancy.sources.register({
        tenant,
        name: repository,
        location: {
          kind: 'repository',
          repository,
          branch: found.defaultBranch,
          path,
        },
        registeredBy: userRef,
        by: initiator.by,
      });
      const event: TenancySourcesEvent = {
        kind: 'read',
        tenant,
        source: repository,
      };
      await events.publish({
        topic: TENANCY_SOURCES_TOPIC,
        eventPayload: event,
      });

      const end = startedAt + patienceMs;
      while (
        !(await catalog.getEntityByRef(entityRef, {
          credentials: initiator.credentials,
        }))
      ) {
        const last = Date.now() >= end;
        const problem = await describeProblem(
          { tenant, name: repository },
          { entityRef, since: startedAt, last },
        );
        if (problem) {
          throw new InputError(problem);
        }
        await wait(LOOK_AGAIN_MS, undefined, { signal: ctx.signal });
      }
      ctx.logger.info(
        `${entityRef} is in the catalog after ${Date.now() - startedAt} ms`,
      );
      ctx.output('entityRef', entityRef);
    },
  });

  /**
   * Why the entity will not come: told early when the source was read since and the
   * entity was refused or the source could not be read, else when time is up.
   */
  async function describeProblem(
    address: { tenant: string; name: string },
    state: { entityRef: string; since: number; last: boolean },
  ): Promise<string | undefined> {
    const source = await tenancy.sources.get(address);
    const scan = source?.lastScan;
    const scanned = scan && Date.parse(scan.at) >= state.since - 1_000;
    if (scanned && scan.outcome === 'unreadable') {
      return `The source ${address.tenant}/${address.name} could not be read: ${
        scan.reason ?? 'no reason given'
      }`;
    }
    const refusals =
      scanned && scan.refusals > 0
        ? await tenancy.sources.refusals(address)
        : [];
    const refused = refusals.some(
      refusal => refusal.entityRef === state.entityRef,
    );
    if (
      !state.last &&
      !refused &&
      !(refusals.length > 0 && scan?.entities === 0)
    ) {
      return undefined;
    }
    if (refusals.length > 0) {
      return `${state.entityRef} was not taken into the catalog:\n${refusals
        .map(
          refusal =>
            `${refusal.file}${refusal.line ? `:${refusal.line}` : ''}: ${
              refusal.reason
            }`,
        )
        .join('\n')}`;
    }
    return `${state.entityRef} did not show up in the catalog within ${
      patienceMs / 1000
    } seconds; the source ${address.tenant}/${
      address.name
    } is registered and will be read again, look at it in a minute`;
  }
}
