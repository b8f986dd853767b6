import { type BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import {
  InputError,
  NotAllowedError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  type ClusterObjects,
  type CustomResourceMatcher,
  type FetchResponse,
  type KubernetesErrorTypes,
  type KubernetesFetchError,
  type ObjectsByEntityResponse,
} from '@backstage/plugin-kubernetes-common';
import {
  type CustomResourcesByEntity,
  type KubernetesObjectsByEntity,
  type KubernetesObjectsProvider,
  type ObjectToFetch,
} from '@backstage/plugin-kubernetes-node';
import { type JsonObject } from '@backstage/types';
import {
  type Binding,
  type BindingsService,
} from '@portico/plugin-bindings-node';
import { z } from 'zod';
import { type ClusterReader } from '../cluster/ClusterReader';
import { isOpenResource } from '../cluster/NamespacedResource';
import { redactObject } from './redactObject';

const MAXIMUM_BYTES = 8 * 1024 * 1024;
/** Things of one kind that are shown of one namespace. */
const MAXIMUM_ITEMS = '500';
/** Namespaces that one page is made of. */
const MOST_BINDINGS = 20;

const listSchema = z.object({
  kind: z.string().optional(),
  items: z.array(z.record(z.string(), z.json())).nullable(),
});

/**
 * What stands on the Kubernetes page of an entity: the things in the namespaces that it
 * is bound to, and no others, whatever its annotations or the request say.
 */
export class GrantedObjectsProvider implements KubernetesObjectsProvider {
  readonly #bindings: Pick<BindingsService, 'resolve'>;
  readonly #reader: Pick<ClusterReader, 'get'>;
  readonly #objectTypes: readonly ObjectToFetch[];
  readonly #customResources: readonly ObjectToFetch[];

  constructor(options: {
    bindings: Pick<BindingsService, 'resolve'>;
    reader: Pick<ClusterReader, 'get'>;
    /** What is shown; kinds of the whole cluster and secrets are left out. */
    objectTypes: readonly ObjectToFetch[];
    /** Custom kinds of the configuration; no others are read. */
    customResources: readonly ObjectToFetch[];
  }) {
    this.#bindings = options.bindings;
    this.#reader = options.reader;
    this.#objectTypes = options.objectTypes.filter(isOpenResource);
    this.#customResources = options.customResources.filter(isOpenResource);
  }

  async getKubernetesObjectsByEntity(
    { entity }: KubernetesObjectsByEntity,
    { credentials }: { credentials: BackstageCredentials },
  ): Promise<ObjectsByEntityResponse> {
    return this.#collect(entity, credentials, [
      ...this.#objectTypes,
      ...this.#customResources,
    ]);
  }

  async getCustomResourcesByEntity(
    { entity, customResources }: CustomResourcesByEntity,
    { credentials }: { credentials: BackstageCredentials },
  ): Promise<ObjectsByEntityResponse> {
    const wanted = this.#customResources.filter(known =>
      customResources.some(asked => isSame(known, asked)),
    );
    return this.#collect(entity, credentials, wanted);
  }

  async #collect(
    entity: Entity | undefined,
    credentials: BackstageCredentials,
    types: readonly ObjectToFetch[],
  ): Promise<ObjectsByEntityResponse> {
    if (!entity) {
      throw new InputError('The request names no entity');
    }
    const resolution = await this.#bindings.resolve(
      stringifyEntityRef(entity),
      'kubernetes-namespace',
      { credentials },
    );
    if (resolution.outcome === 'refused') {
      switch (resolution.reason) {
        case 'not-found':
        case 'no-claim':
          return { items: [] };
        case 'not-granted':
          throw new NotAllowedError(
            'The annotations of this entity name a cluster or a namespace that your tenant was not granted; ask the platform to grant it',
          );
        case 'incomplete':
          throw new NotAllowedError(
            'Your tenant was granted many namespaces: name one in the annotation backstage.io/kubernetes-namespace',
          );
        default:
          return resolution.reason satisfies never;
      }
    }
    const clusters = new Map<string, ClusterObjects>();
    const parts = await Promise.all(
      resolution.bindings.slice(0, MOST_BINDINGS).map(async binding => ({
        binding,
        ...(await this.#readAll(binding, types)),
      })),
    );
    for (const { binding, resources, errors } of parts) {
      const { name, title } = binding.system;
      const cluster = clusters.get(name) ?? {
        cluster: { name, title },
        resources: [],
        podMetrics: [],
        errors: [],
      };
      cluster.resources.push(...resources);
      cluster.errors.push(...errors);
      clusters.set(name, cluster);
    }
    return {
      items: [...clusters.values()].filter(
        ({ errors, resources }) =>
          errors.length > 0 ||
          resources.some(response => response.resources.length > 0),
      ),
    };
  }

  async #readAll(
    binding: Binding,
    types: readonly ObjectToFetch[],
  ): Promise<{ resources: FetchResponse[]; errors: KubernetesFetchError[] }> {
    const resources: FetchResponse[] = [];
    const errors: KubernetesFetchError[] = [];
    await Promise.all(
      types.map(async type => {
        try {
          const result = await this.#read(binding, type);
          if ('errorType' in result) {
            errors.push(result);
          } else {
            resources.push(result);
          }
        } catch (error) {
          if (!(error instanceof ServiceUnavailableError)) {
            throw error;
          }
          errors.push({ errorType: 'FETCH_ERROR', message: error.message });
        }
      }),
    );
    return { resources, errors: withoutRepetitions(errors) };
  }

  async #read(
    binding: Binding,
    type: ObjectToFetch,
  ): Promise<FetchResponse | KubernetesFetchError> {
    const answer = await this.#reader.get(binding, {
      resource: type,
      query: { labelSelector: labelSelectorOf(binding), limit: MAXIMUM_ITEMS },
      maximumBytes: MAXIMUM_BYTES,
    });
    if (answer.status !== 200) {
      return {
        errorType: errorTypeOf(answer.status),
        statusCode: answer.status,
        resourcePath: answer.path,
      };
    }
    const list = answer.truncated
      ? undefined
      : parseList(answer.body.toString('utf8'));
    if (!list) {
      throw new ServiceUnavailableError(
        `The cluster ${binding.system.name} answered with too much, or with no list of ${type.plural}`,
      );
    }
    const kind = list.kind?.replace(/List$/, '');
    const items = (list.items ?? []).map(item => ({
      ...redactObject(item),
      ...(type.objectType === 'customresources' && kind && { kind }),
    }));
    return toResponse(type, items);
  }
}

function isSame(known: ObjectToFetch, asked: CustomResourceMatcher): boolean {
  return (
    known.group === asked.group &&
    known.apiVersion === asked.apiVersion &&
    known.plural === asked.plural
  );
}

/** The stock plugin's own rule, read from the catalog's entity and not from a request. */
function labelSelectorOf(binding: Binding): string {
  const { annotations } = binding.claim;
  const id =
    annotations['backstage.io/kubernetes-id'] ??
    parseEntityRef(binding.entityRef).name;
  return (
    annotations['backstage.io/kubernetes-label-selector'] ??
    `backstage.io/kubernetes-id=${id}`
  );
}

function parseList(text: string): z.infer<typeof listSchema> | undefined {
  try {
    return listSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function toResponse(type: ObjectToFetch, resources: JsonObject[]) {
  // The union of stock types cannot be told apart by a variable; the stock fetcher hands
  // over what the cluster answered in the same way.
  return { type: type.objectType, resources } as unknown as FetchResponse;
}

function errorTypeOf(status: number): KubernetesErrorTypes {
  switch (status) {
    case 400:
      return 'BAD_REQUEST';
    case 401:
      return 'UNAUTHORIZED_ERROR';
    case 404:
      return 'NOT_FOUND';
    case 500:
      return 'SYSTEM_ERROR';
    default:
      return 'UNKNOWN_ERROR';
  }
}

/** A cluster that is down is said once, and not for each kind. */
function withoutRepetitions(
  errors: KubernetesFetchError[],
): KubernetesFetchError[] {
  const known = new Map(errors.map(error => [JSON.stringify(error), error]));
  return [...known.values()];
}
