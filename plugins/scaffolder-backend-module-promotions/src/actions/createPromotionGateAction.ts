import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { type PermissionsService } from '@backstage/backend-plugin-api';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import { createTemplateAction } from '@backstage/plugin-scaffolder-node';
import {
  digestSchema,
  environmentNameSchema,
  type Promotion,
  type PromotionPhase,
  promotionRequestPermission,
} from '@portico/plugin-promotions-common';
import { type PromotionsService } from '@portico/plugin-promotions-node';
import {
  assertPermission,
  readInitiator,
  type TenancyService,
} from '@portico/plugin-tenancy-node';
import { chooseRelease } from './chooseRelease';

const LOOK_AGAIN_MS = 200;

/** What a template goes on with. */
type Outcome = 'allowed' | 'waiting' | 'refused';

/**
 * `portico:promotion:gate`: asks for a promotion and says whether its gates let it through.
 * It waits for machines for a moment, and never for people.
 */
export function createPromotionGateAction(options: {
  catalog: Pick<CatalogService, 'getEntityByRef'>;
  permissions: Pick<PermissionsService, 'authorize'>;
  promotions: Pick<PromotionsService, 'request' | 'get' | 'deployments'>;
  tenancy: Pick<TenancyService, 'principal'>;
  /** Address of the portal, without a slash at the end. */
  appUrl: string;
  /** Milliseconds to wait for the gates' first answers; 15 s without it. */
  patienceMs?: number;
}) {
  const { catalog, permissions, promotions, tenancy, appUrl } = options;
  const patienceMs = options.patienceMs ?? 15_000;

  return createTemplateAction({
    id: 'portico:promotion:gate',
    description:
      'Asks for a promotion and returns "allowed" when its gates let it through, "waiting" with a link while people decide, or "refused" with the reasons. It never waits for people: run it again with the same key to go on.',
    supportsDryRun: true,
    schema: {
      input: {
        component: z => z.string({ description: 'Ref of the component' }),
        environment: z =>
          z.string({ description: 'Name or ref of the environment' }),
        kind: z =>
          z
            .enum(['promote', 'rollback', 'redeploy'], {
              description: 'promote by default',
            })
            .optional(),
        release: z =>
          z
            .string({
              description:
                'Id of the release; a rollback takes the one that ran before without it',
            })
            .optional(),
        from: z =>
          z
            .string({
              description:
                'Name or ref of an environment: the release that runs there',
            })
            .optional(),
        comment: z =>
          z.string({ description: 'Why, for those who approve' }).optional(),
        key: z =>
          z
            .string({
              description:
                'The same key again goes on with the same promotion, also in another task; the task and the step without it',
            })
            .optional(),
      },
      output: {
        outcome: z =>
          z.enum(['allowed', 'waiting', 'refused'], {
            description: 'Whether the gates let it through',
          }),
        reasons: z => z.array(z.string(), { description: 'Why, in sentences' }),
        promotion: z =>
          z.string({ description: 'Id of the promotion' }).optional(),
        phase: z => z.string({ description: 'Where it stands' }).optional(),
        release: z => z.string({ description: 'What is promoted' }).optional(),
        url: z =>
          z
            .string({ description: 'Page of the promotion in the portal' })
            .optional(),
      },
    },
    async handler(ctx) {
      const { input } = ctx;
      const initiator = await readInitiator(ctx, tenancy);
      const { tenant, userRef } = initiator.principal;
      await assertPermission(
        initiator,
        promotionRequestPermission,
        permissions,
      );
      const component = await findComponent(input.component, initiator);
      const environment = environmentName(input.environment, 'environment');
      const kind = input.kind ?? 'promote';
      const release = optionalDigest(input.release);
      const from =
        input.from === undefined
          ? undefined
          : environmentName(input.from, 'from');
      const target = { tenant, component, environment };

      if (ctx.isDryRun) {
        const chosen = await chooseRelease(promotions, target, {
          kind,
          release,
          from,
        });
        ctx.logger.info(
          `Would ask to ${kind} ${chosen} of ${component} in ${environment}`,
        );
        ctx.output('outcome', 'waiting');
        ctx.output('reasons', ['Nothing is asked for in a dry run.']);
        ctx.output('release', chosen);
        return;
      }

      let id: string;
      try {
        id = await ctx.checkpoint({
          // A step may run for several components and environments.
          key: `promotion-gate.${component}.${environment}`,
          fn: async () => {
            const promotion = await promotions.request(
              {
                component,
                environment,
                kind,
                release: await chooseRelease(promotions, target, {
                  kind,
                  release,
                  from,
                }),
                ...(input.comment && { comment: input.comment }),
                key: requestKey(
                  input.key === undefined
                    ? ['task', ctx.task.id, ctx.step?.id ?? '']
                    : ['key', input.key],
                  target,
                  kind,
                ),
              },
              { tenant, ref: userRef, context: initiator.by },
            );
            return promotion.id;
          },
        });
      } catch (error) {
        if (!isRefusal(error)) {
          throw error;
        }
        ctx.logger.info(`Refused: ${error.message}`);
        ctx.output('outcome', 'refused');
        ctx.output('reasons', [error.message]);
        return;
      }

      const promotion = await settle({ tenant, id }, ctx.signal);
      const outcome = outcomeOf(promotion.phase);
      ctx.logger.info(
        `${component} in ${environment}: ${outcome}, ${promotion.reason}`,
      );
      ctx.output('outcome', outcome);
      ctx.output('reasons', [promotion.reason]);
      ctx.output('promotion', id);
      ctx.output('phase', promotion.phase);
      ctx.output('release', promotion.release.id);
      ctx.output('url', `${appUrl}/delivery/promotions/${id}`);
    },
  });

  /** @throws NotFoundError when the initiator cannot see it, or it is not of their tenant */
  async function findComponent(
    ref: string,
    initiator: Awaited<ReturnType<typeof readInitiator>>,
  ): Promise<string> {
    const { tenant } = initiator.principal;
    const entityRef = stringifyEntityRef(
      parseEntityRef(ref, {
        defaultKind: 'component',
        defaultNamespace: tenant,
      }),
    );
    const { kind, namespace } = parseEntityRef(entityRef);
    const entity =
      kind === 'component' && namespace === tenant
        ? await catalog.getEntityByRef(entityRef, {
            credentials: initiator.credentials,
          })
        : undefined;
    if (!entity) {
      throw new NotFoundError(
        `There is no component '${ref}' in '${tenant}' that you can see`,
      );
    }
    return entityRef;
  }

  /** Waits until the gates were asked, as long as patience lasts. */
  async function settle(
    address: { tenant: string; id: string },
    signal: AbortSignal | undefined,
  ): Promise<Promotion> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const promotion = await promotions.get(address);
      if (!promotion) {
        throw new NotFoundError(
          `The promotion ${address.id} does not exist any more`,
        );
      }
      const asking = ['pending', 'evaluating'].includes(promotion.phase);
      if (!asking || Date.now() >= end) {
        return promotion;
      }
      await wait(LOOK_AGAIN_MS, undefined, { signal });
    }
  }
}

function outcomeOf(phase: PromotionPhase): Outcome {
  switch (phase) {
    case 'ready':
    case 'running':
    case 'verifying':
    case 'succeeded':
      return 'allowed';
    case 'pending':
    case 'evaluating':
    case 'waiting':
      return 'waiting';
    case 'rejected':
    case 'failed':
    case 'errored':
    case 'expired':
    case 'superseded':
    case 'cancelled':
    case 'rolledBack':
      return 'refused';
    default:
      return phase satisfies never;
  }
}

/** What the engine says no to, in words for people. */
function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Error &&
    ['ConflictError', 'InputError'].includes(error.name)
  );
}

/** The same wish of the same task and step, or with the same key, is the same promotion. */
function requestKey(
  origin: string[],
  target: { component: string; environment: string },
  kind: string,
): string {
  const parts = [...origin, target.component, target.environment, kind];
  const digest = createHash('sha256').update(JSON.stringify(parts));
  return `scaffolder:${digest.digest('hex')}`;
}

/** A picker gives a ref, a person writes a name. */
function environmentName(text: string, field: string): string {
  const name = /^environment:[^/\s]+\/(.+)$/i.exec(text)?.[1] ?? text;
  if (!environmentNameSchema.safeParse(name).success) {
    throw new InputError(
      `portico:promotion:gate, ${field}: ${JSON.stringify(
        text.slice(0, 100),
      )} is no environment; expected a name such as "prod"`,
    );
  }
  return name;
}

function optionalDigest(release: string | undefined): string | undefined {
  if (release === undefined || release.trim() === '') {
    return undefined;
  }
  const parsed = digestSchema.safeParse(release.trim());
  if (!parsed.success) {
    throw new InputError(
      'portico:promotion:gate, release: expected the id of a release, sha256: and 64 hexadecimal digits',
    );
  }
  return parsed.data;
}
