import { type AuthService } from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotFoundError } from '@backstage/errors';
import { type CatalogService } from '@backstage/plugin-catalog-node';
import {
  environmentNameSchema,
  PIPELINE_ANNOTATION,
} from '@portico/plugin-promotions-common';
import { type Gate } from '@portico/plugin-promotions-node';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import {
  type PipelineResolver,
  type ResolvedPipeline,
} from '../engine/EngineParts';
import { readEnvironment, readPipeline } from './DeclaredPipeline';
import { type PipelineEditors } from './PipelineEditors';
import { type EnvironmentDeclarations, uniteStages } from './uniteStages';

const DEFAULT_PIPELINE = 'default';

/**
 * Reads pipelines and environments from the catalog: the platform's, which bind everybody,
 * and the tenant's own. Only refs of these two namespaces are ever asked for.
 */
export class CatalogPipelineResolver implements PipelineResolver {
  readonly #catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
  readonly #auth: Pick<AuthService, 'getOwnServiceCredentials'>;
  readonly #gates: () => readonly Gate[];
  readonly #editors: Pick<PipelineEditors, 'of'>;

  /** @param options.gates - the kinds of gates that are installed */
  constructor(options: {
    catalog: Pick<CatalogService, 'getEntitiesByRefs'>;
    auth: Pick<AuthService, 'getOwnServiceCredentials'>;
    gates: () => readonly Gate[];
    editors: Pick<PipelineEditors, 'of'>;
  }) {
    this.#catalog = options.catalog;
    this.#auth = options.auth;
    this.#gates = options.gates;
    this.#editors = options.editors;
  }

  async resolve(address: {
    tenant: string;
    component: string;
  }): Promise<ResolvedPipeline> {
    const { tenant } = address;
    const component = parseEntityRef(address.component);
    if (component.namespace !== tenant || tenant === PLATFORM_TENANT) {
      throw new NotFoundError(`There is no ${address.component} in ${tenant}`);
    }
    const refOf = (namespace: string, name: string) =>
      stringifyEntityRef({ kind: 'Pipeline', namespace, name });
    const found = await this.#read([
      address.component,
      refOf(PLATFORM_TENANT, DEFAULT_PIPELINE),
      refOf(tenant, DEFAULT_PIPELINE),
    ]);
    const [entity, platform] = found;
    if (!entity) {
      throw new NotFoundError(`There is no ${address.component} in ${tenant}`);
    }
    if (!platform) {
      throw new NotFoundError(
        `There is no ${refOf(
          PLATFORM_TENANT,
          DEFAULT_PIPELINE,
        )} in the catalog, so nothing can be promoted; the platform has to register one`,
      );
    }
    const own = await this.#ownPipeline(entity, found[2], tenant);
    const pipelines = own ? [platform, own] : [platform];
    const declared = pipelines.map(readPipeline);
    const names = [
      ...new Set(
        declared.flatMap(({ stages }) =>
          stages.map(({ environment }) => environment),
        ),
      ),
    ];
    const [environments, editors] = await Promise.all([
      this.#environments(names, tenant),
      this.#editors.of(tenant, pipelines),
    ]);
    return {
      pipelineRefs: declared.map(({ ref }) => ref),
      stages: uniteStages({
        tenant,
        platform: declared[0],
        own: declared[1],
        environments,
        kinds: new Map(this.#gates().map(gate => [gate.kind, gate])),
        editors,
      }),
    };
  }

  /** The tenant's pipeline: the one that the component names, else its default, if any. */
  async #ownPipeline(
    component: Entity,
    byDefault: Entity | undefined,
    tenant: string,
  ): Promise<Entity | undefined> {
    const name = component.metadata.annotations?.[PIPELINE_ANNOTATION];
    if (name === undefined || name === DEFAULT_PIPELINE) {
      return byDefault;
    }
    const ref = stringifyEntityRef(component);
    if (!environmentNameSchema.safeParse(name).success) {
      throw new InputError(
        `${ref}, annotation ${PIPELINE_ANNOTATION}: ${JSON.stringify(
          name.slice(0, 100),
        )} is no name of a pipeline; expected the name of one of ${tenant}, or no annotation`,
      );
    }
    const pipelineRef = stringifyEntityRef({
      kind: 'Pipeline',
      namespace: tenant,
      name,
    });
    const [named] = await this.#read([pipelineRef]);
    if (!named) {
      throw new InputError(
        `${ref}, annotation ${PIPELINE_ANNOTATION}: there is no ${pipelineRef} in the catalog; register it, or correct the annotation`,
      );
    }
    return named;
  }

  async #environments(
    names: readonly string[],
    tenant: string,
  ): Promise<Map<string, EnvironmentDeclarations>> {
    const refs = [PLATFORM_TENANT, tenant].flatMap(namespace =>
      names.map(name =>
        stringifyEntityRef({ kind: 'Environment', namespace, name }),
      ),
    );
    const entities = await this.#read(refs);
    return new Map(
      names.map((name, index) => {
        const platform = entities[index];
        const own = entities[names.length + index];
        return [
          name,
          {
            ...(platform && { platform: readEnvironment(platform) }),
            ...(own && { tenant: readEnvironment(own) }),
          },
        ];
      }),
    );
  }

  async #read(entityRefs: string[]): Promise<Array<Entity | undefined>> {
    const { items } = await this.#catalog.getEntitiesByRefs(
      { entityRefs },
      {
        // eslint-disable-next-line no-restricted-syntax -- the engine works when nobody is there, and the platform's pipeline binds whoever asks; only refs of the tenant and of the platform get here, see the test
        credentials: await this.#auth.getOwnServiceCredentials(),
      },
    );
    return items;
  }
}
