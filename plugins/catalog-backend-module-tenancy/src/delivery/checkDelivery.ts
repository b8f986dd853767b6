import { type Entity } from '@backstage/catalog-model';
import {
  type EnvironmentSpec,
  environmentSpecSchema,
  type Stage,
  pipelineSpecSchema,
} from '@portico/plugin-promotions-common';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { RefusedDocument } from '../reading/RefusedDocument';

/** From open to strict. */
const TIERS: ReadonlyArray<EnvironmentSpec['tier']> = [
  'development',
  'test',
  'production',
];

/** Environments by the namespace that declares them, and by name. */
export class KnownEnvironments {
  readonly #specs = new Map<string, EnvironmentSpec>();

  constructor(entities: Iterable<Entity>) {
    for (const { kind, metadata, spec } of entities) {
      const parsed = environmentSpecSchema.safeParse(spec);
      if (kind === 'Environment' && parsed.success) {
        this.#specs.set(`${metadata.namespace}/${metadata.name}`, parsed.data);
      }
    }
  }

  /** What a tenant's pipeline means by a name: its own environment, and the platform's. */
  of(
    tenant: string,
    name: string,
  ): { own?: EnvironmentSpec; platform?: EnvironmentSpec } {
    return {
      own: this.#specs.get(`${tenant}/${name}`),
      platform: this.#specs.get(`${PLATFORM_TENANT}/${name}`),
    };
  }

  /** Names that a pipeline of the tenant can have stages of. */
  names(tenant: string): string[] {
    const names = [...this.#specs.keys()]
      .map(key => key.split('/'))
      .filter(
        ([namespace]) => namespace === tenant || namespace === PLATFORM_TENANT,
      )
      .map(([, name]) => name);
    return [...new Set(names)].sort();
  }
}

/**
 * Checks what an environment or a pipeline says against the other environments that its
 * tenant has.
 *
 * @throws RefusedDocument with the path of what does not fit
 */
export function checkDelivery(entity: Entity, known: KnownEnvironments): void {
  const tenant = entity.metadata.namespace ?? PLATFORM_TENANT;
  if (entity.kind === 'Environment') {
    checkEnvironment(entity, known.of(tenant, entity.metadata.name), tenant);
  } else if (entity.kind === 'Pipeline') {
    pipelineSpecSchema
      .parse(entity.spec)
      .stages.forEach((stage, index) =>
        checkStage(stage, ['spec', 'stages', index], { known, tenant }),
      );
  }
}

function checkEnvironment(
  entity: Entity,
  { platform }: { platform?: EnvironmentSpec },
  tenant: string,
): void {
  if (!platform || tenant === PLATFORM_TENANT) {
    return;
  }
  const own = environmentSpecSchema.parse(entity.spec);
  const { name } = entity.metadata;
  if (platform.protected && !own.protected) {
    throw new RefusedDocument(
      ['spec', 'protected'],
      `spec.protected: the platform protects "${name}", so it stays protected; expected true`,
    );
  }
  if (TIERS.indexOf(own.tier) < TIERS.indexOf(platform.tier)) {
    throw new RefusedDocument(
      ['spec', 'tier'],
      `spec.tier: "${name}" has the tier ${
        platform.tier
      } on the platform; expected ${TIERS.slice(
        TIERS.indexOf(platform.tier),
      ).join(' or ')}`,
    );
  }
}

function checkStage(
  stage: Stage,
  path: ReadonlyArray<string | number>,
  { known, tenant }: { known: KnownEnvironments; tenant: string },
): void {
  const { own, platform } = known.of(tenant, stage.environment);
  if (!own && !platform) {
    const names = known.names(tenant);
    throw new RefusedDocument(
      [...path, 'environment'],
      `${path.join('.')}.environment: there is no environment "${
        stage.environment
      }"; expected ${
        names.length > 0
          ? `one of ${names.join(', ')}`
          : 'an entity of kind Environment with this name'
      }`,
    );
  }
  if (stage.automatic && (own?.protected || platform?.protected)) {
    throw new RefusedDocument(
      [...path, 'automatic'],
      `${path.join('.')}.automatic: "${
        stage.environment
      }" is protected, so nothing is promoted there by itself; expected false`,
    );
  }
}
