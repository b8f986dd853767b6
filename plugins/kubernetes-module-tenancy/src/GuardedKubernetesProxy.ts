import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { NotAllowedError, ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import { type KubernetesProxyApi } from '@backstage/plugin-kubernetes-react';
import { z } from 'zod';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

const logSchema = z.object({
  text: z.string(),
  redacted: z.number(),
  truncated: z.boolean(),
});
const eventListSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
});

type StockEvents = Awaited<
  ReturnType<KubernetesProxyApi['getEventsByInvolvedObjectName']>
>;

/**
 * What the stock Kubernetes page asks its proxy for, answered by the reading routes of
 * the portal: the proxy itself is closed. It speaks for one entity.
 */
export class GuardedKubernetesProxy implements KubernetesProxyApi {
  readonly #fetchApi: FetchApi;
  readonly #entityRef: string;

  constructor(options: { fetchApi: FetchApi; entity: Entity }) {
    this.#fetchApi = options.fetchApi;
    this.#entityRef = stringifyEntityRef(options.entity);
  }

  async getPodLogs(request: {
    podName: string;
    namespace: string;
    clusterName: string;
    containerName: string;
    previous?: boolean;
  }) {
    const { text, truncated } = logSchema.parse(
      await this.#read('log', {
        cluster: request.clusterName,
        namespace: request.namespace,
        pod: request.podName,
        container: request.containerName,
        previous: String(request.previous ?? false),
      }),
    );
    return { text: truncated ? `${text}\n[…]` : text };
  }

  async getEventsByInvolvedObjectName(request: {
    clusterName: string;
    involvedObjectName: string;
    namespace: string;
  }): Promise<StockEvents> {
    const { items } = eventListSchema.parse(
      await this.#read('events', {
        cluster: request.clusterName,
        namespace: request.namespace,
        object: request.involvedObjectName,
      }),
    );
    // The stock type is a class of the Kubernetes client; the page reads its fields only.
    return items as unknown as StockEvents;
  }

  async deletePod(): Promise<{ text: string }> {
    throw new NotAllowedError('Pods cannot be deleted from the portal');
  }

  async #read(what: string, query: Record<string, string>): Promise<unknown> {
    const search = new URLSearchParams({
      entityRef: this.#entityRef,
      ...query,
    });
    const response = await this.#fetchApi.fetch(
      `plugin://kubernetes/read/${what}?${search}`,
      { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS) },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response.json();
  }
}
