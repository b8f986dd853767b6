import { type Entity } from '@backstage/catalog-model';
import { InputError, ServiceUnavailableError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { canonicalJson } from '@portico/plugin-audit-common';
import {
  contentDigest,
  defineGate,
  type Gate,
  type GateQuestion,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { type PolicyDecider } from './PolicyDecision';

/** A policy is not asked as often as a vote comes: each decision is kept. */
const ASK_AGAIN_MILLISECONDS = 5 * 60_000;

const optionsSchema = z
  .strictObject({
    /** Name of a server of `promotions.opa.servers`. */
    server: z.string().min(1).max(63).optional(),
    /** Name of a bundle of `promotions.opa.bundles`. */
    bundle: z.string().min(1).max(63).optional(),
    /** Package and rule, `portico/promotion/decision`. */
    path: z
      .string()
      .max(200)
      .regex(
        /^[A-Za-z_][A-Za-z0-9_]*(?:\/[A-Za-z_][A-Za-z0-9_]*){0,9}$/,
        'must be the package and rule, as in portico/promotion/decision',
      ),
    /** Whether a no is for good, or may become a yes. */
    denial: z.enum(['wait', 'final']).default('wait'),
  })
  .refine(
    ({ server, bundle }) => (server === undefined) !== (bundle === undefined),
    { error: 'must name either a server or a bundle' },
  );
type PolicyOptions = z.infer<typeof optionsSchema>;

/** Servers and bundles by name. */
export interface PolicyDeciders {
  servers: ReadonlyMap<string, PolicyDecider>;
  bundles: ReadonlyMap<string, PolicyDecider>;
}

/**
 * A policy in Rego says yes. It is told what is promoted, by whom and where to, never a
 * secret; decision, digest of what it was told, and which policy it was are kept.
 */
export function policyGate(deciders: PolicyDeciders): Gate {
  const gate = defineGate<PolicyOptions>({
    kind: 'policy',
    options: optionsSchema,
    async evaluate(question) {
      const { options, facts, now, signal } = question;
      const decider = find(deciders, options);
      if (!decider) {
        throw new ServiceUnavailableError(unknownName(deciders, options));
      }
      const input = inputOf(question, await facts.component());
      const decision = await decider.decide({
        path: options.path,
        input,
        signal,
      });
      return {
        ...(decision.allow
          ? {
              outcome: 'passed' as const,
              reason: `The policy ${options.path} allows it.`,
            }
          : {
              outcome:
                options.denial === 'final'
                  ? ('failed' as const)
                  : ('waiting' as const),
              reason: `The policy ${options.path} does not allow it${
                decision.reasons.length > 0
                  ? `: ${decision.reasons.join('; ')}`
                  : ', and gives no reason.'
              }`,
            }),
        evidence: {
          path: options.path,
          allow: decision.allow,
          reasons: decision.reasons,
          ...decision.origin,
          inputDigest: contentDigest(canonicalJson(input)),
        },
        askAgainAt: new Date(now.getTime() + ASK_AGAIN_MILLISECONDS),
      };
    },
  });
  return {
    ...gate,
    checkOptions(options) {
      const checked = gate.checkOptions(options);
      const parsed = optionsSchema.parse(checked);
      if (!find(deciders, parsed)) {
        throw new InputError(unknownName(deciders, parsed));
      }
      return checked;
    },
  };
}

function find(
  { servers, bundles }: PolicyDeciders,
  { server, bundle }: PolicyOptions,
): PolicyDecider | undefined {
  return server === undefined ? bundles.get(bundle ?? '') : servers.get(server);
}

function unknownName(
  { servers, bundles }: PolicyDeciders,
  { server, bundle }: PolicyOptions,
): string {
  const known = [...(server === undefined ? bundles : servers).keys()];
  return `The options of the gate policy are wrong: there is no ${
    server === undefined ? `bundle "${bundle}"` : `server "${server}"`
  } in this portal, only ${known.join(', ') || 'none at all'}`;
}

/** What a policy is told. Grows by members only: policies build on it. */
function inputOf(
  question: GateQuestion<PolicyOptions>,
  component: Entity,
): JsonObject {
  const { tenant, promotion, stage, subjectDigest, moment, now } = question;
  const { release, before } = promotion;
  const { tier, protected: isProtected } = stage.environment;
  const { name, namespace, labels, annotations, tags } = component.metadata;
  const { type, lifecycle, owner, system } = component.spec ?? {};
  return JSON.parse(
    JSON.stringify({
      tenant,
      component: {
        ref: promotion.component,
        metadata: { name, namespace, labels, annotations, tags },
        spec: { type, lifecycle, owner, system },
      },
      environment: {
        name: promotion.environment,
        tier,
        protected: isProtected,
      },
      promotion: {
        id: promotion.id,
        kind: promotion.kind,
        requestedBy: promotion.requestedBy,
        requestedAt: promotion.requestedAt,
        automatic: promotion.automatic,
      },
      release: {
        id: release.id,
        ...release.content,
        announcedBy: release.announcedBy,
        announcedAt: release.announcedAt,
        found: release.found,
      },
      before: before ? { id: before.id, ...before.content } : null,
      subject: subjectDigest,
      moment,
      now: now.toISOString(),
    }),
  );
}
