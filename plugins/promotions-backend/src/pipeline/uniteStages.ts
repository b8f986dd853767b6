import { InputError } from '@backstage/errors';
import {
  type EnvironmentSpec,
  type FrozenGate,
  stageSchema,
} from '@portico/plugin-promotions-common';
import { type Gate } from '@portico/plugin-promotions-node';
import { type ResolvedStage } from '../engine/EngineParts';
import {
  type DeclaredEnvironment,
  type DeclaredPipeline,
  type DeclaredStage,
} from './DeclaredPipeline';
import { freezeGates } from './freezeGates';
import { shorter, uniteGates } from './uniteGates';

/** An environment as the platform and the tenant declare it; at least one of them does. */
export interface EnvironmentDeclarations {
  platform?: DeclaredEnvironment;
  tenant?: DeclaredEnvironment;
}

/** From open to strict. */
const TIERS: ReadonlyArray<EnvironmentSpec['tier']> = [
  'development',
  'test',
  'production',
];

/**
 * The stages of a component: the platform's pipeline and the tenant's in one, in the order of
 * their environments.
 *
 * A tenant tightens and never loosens: gates of both are asked; an environment is protected
 * when either says so and has the higher tier; a stage is automatic only where neither says
 * no; the shorter expiry counts. What a tenant's stage leaves out it takes over.
 *
 * @param options.editors - refs of those who changed the pipelines last
 * @throws InputError that names pipeline, stage, gate and field
 */
export function uniteStages(options: {
  tenant: string;
  platform: DeclaredPipeline;
  own?: DeclaredPipeline;
  /** By name. */
  environments: ReadonlyMap<string, EnvironmentDeclarations>;
  kinds: ReadonlyMap<string, Gate>;
  editors: readonly string[];
}): ResolvedStage[] {
  const { platform, own } = options;
  const pipelines = own ? [platform, own] : [platform];
  const names = new Set(
    pipelines.flatMap(({ stages }) =>
      stages.map(({ environment }) => environment),
    ),
  );
  return [...names]
    .map(name => uniteStage(name, options))
    .sort(
      (one, other) =>
        one.environment.order - other.environment.order ||
        (one.name < other.name ? -1 : 1),
    );
}

function uniteStage(
  name: string,
  options: Parameters<typeof uniteStages>[0],
): ResolvedStage {
  const { tenant, platform, own, environments, kinds, editors } = options;
  const find = (pipeline: DeclaredPipeline | undefined) =>
    pipeline?.stages.find(({ environment }) => environment === name);
  const base = find(platform);
  const wish = find(own);
  const pipelineRefs = [
    ...(base ? [platform.ref] : []),
    ...(wish && own ? [own.ref] : []),
  ];
  const place = `${pipelineRefs.join(' with ')}, stage "${name}"`;
  const environment = uniteEnvironment(environments.get(name));
  if (!environment) {
    throw new InputError(
      `${place}: there is no environment "${name}"; expected an entity of kind Environment with this name, the platform's or your own`,
    );
  }
  const freeze = (
    pipeline: DeclaredPipeline | undefined,
    declarations: DeclaredStage['gates'] | undefined,
  ) =>
    pipeline && declarations
      ? freezeGates({
          pipelineRef: pipeline.ref,
          stage: name,
          declarations,
          kinds,
        })
      : [];
  const gates = uniteGates(
    freeze(platform, base?.gates),
    freeze(own, wish?.gates),
    tenant,
  );
  if (
    environment.spec.protected &&
    !gates.some(({ kind }) => kind === 'approval')
  ) {
    throw new InputError(
      `${place}: ${environment.ref} is protected, and no gate asks for an approval; add a gate of the kind approval`,
    );
  }
  const rollback = (
    pipeline: DeclaredPipeline | undefined,
    stage: DeclaredStage | undefined,
  ): FrozenGate[] =>
    freeze(
      pipeline,
      stage?.rollbackGates ??
        stage?.gates.filter(({ kind }) => kind !== 'soak'),
    );
  const defaults = stageSchema.parse({ environment: name });
  return {
    name,
    pipelineRefs,
    environmentRef: environment.ref,
    environment: environment.spec,
    gates,
    rollbackGates: uniteGates(
      rollback(platform, base),
      rollback(own, wish),
      tenant,
    ),
    automatic: isAutomatic(base, wish, environment.spec),
    strategy: strategyOf(base, wish) ?? defaults.strategy,
    expiresAfter:
      shorter(
        base && (base.expiresAfter ?? defaults.expiresAfter),
        wish?.expiresAfter,
      ) ?? defaults.expiresAfter,
    ...(isRolledBack(base, wish) && { automaticRollback: true }),
    editors: [...editors],
  };
}

function isAutomatic(
  base: DeclaredStage | undefined,
  wish: DeclaredStage | undefined,
  environment: EnvironmentSpec,
): boolean {
  if (environment.protected) {
    return false;
  }
  if (!base) {
    return wish?.automatic ?? false;
  }
  return (base.automatic ?? false) && (wish?.automatic ?? true);
}

/** It passes the gates of a rollback, so a tenant may ask for it, and either may say no. */
function isRolledBack(...stages: Array<DeclaredStage | undefined>): boolean {
  const wishes = stages.map(stage => stage?.automaticRollback);
  return wishes.includes(true) && !wishes.includes(false);
}

/** A tenant may go slower than all at once, and not faster than the platform says. */
function strategyOf(
  base: DeclaredStage | undefined,
  wish: DeclaredStage | undefined,
): DeclaredStage['strategy'] {
  return base?.strategy === undefined || base.strategy === 'rolling'
    ? wish?.strategy ?? base?.strategy
    : base.strategy;
}

/** The tenant's own, as protected and as high as the platform's, and at its place. */
function uniteEnvironment(
  declarations: EnvironmentDeclarations = {},
): DeclaredEnvironment | undefined {
  const { platform, tenant } = declarations;
  if (!platform || !tenant) {
    return tenant ?? platform;
  }
  return {
    ref: tenant.ref,
    spec: {
      ...tenant.spec,
      order: platform.spec.order,
      protected: platform.spec.protected || tenant.spec.protected,
      tier: TIERS[
        Math.max(
          TIERS.indexOf(platform.spec.tier),
          TIERS.indexOf(tenant.spec.tier),
        )
      ],
    },
  };
}
