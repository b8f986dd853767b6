import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import { followEvents } from '@portico/event-stream';
import {
  type AnnounceRelease,
  boardSchema,
  type BoardQuery,
  type BreakGlass,
  type CastVote,
  deliveryEventSchema,
  deliveryFiguresSchema,
  deliveryOfComponentSchema,
  deploymentDiffSchema,
  deploymentListSchema,
  type DeploymentQuery,
  type DiffQuery,
  driftListSchema,
  type DriftQuery,
  driftSchema,
  type FiguresQuery,
  type Hold,
  lineStopSchema,
  type MuteDrift,
  promotionDetailSchema,
  promotionListSchema,
  type PromotionQuery,
  promotionSchema,
  type Reason,
  releaseListSchema,
  type ReleaseQuery,
  releaseSchema,
  rolloutOfPromotionSchema,
  type RequestPromotion,
  type ReviewOverride,
  type SteerRollout,
  type StopLine,
  windowCalendarSchema,
  type WindowQuery,
} from '@portico/plugin-promotions-common';
import { type DeliveryListener, type PromotionsApi } from './PromotionsApi';

const REQUEST_TIMEOUT_MILLISECONDS = 30_000;

/** Talks to `/api/promotions` and checks each answer against its schema. */
export class PromotionsClient implements PromotionsApi {
  readonly #fetchApi: FetchApi;

  constructor(options: { fetchApi: FetchApi }) {
    this.#fetchApi = options.fetchApi;
  }

  async releases(query: ReleaseQuery) {
    return releaseListSchema.parse(await this.#get(['releases'], query));
  }

  async announceRelease(release: AnnounceRelease) {
    return releaseSchema.parse(await this.#post(['releases'], release));
  }

  async release(id: string) {
    return releaseSchema.parse(await this.#get(['releases', id]));
  }

  async rejectRelease(id: string, reason: Reason) {
    return releaseSchema.parse(
      await this.#post(['releases', id, 'reject'], reason),
    );
  }

  async delivery(component: string) {
    return deliveryOfComponentSchema.parse(
      await this.#get(['delivery'], { component }),
    );
  }

  async board(query: BoardQuery) {
    return boardSchema.parse(await this.#get(['board'], query));
  }

  async promotions(query: PromotionQuery) {
    return promotionListSchema.parse(await this.#get(['promotions'], query));
  }

  async requestPromotion(request: RequestPromotion) {
    return promotionSchema.parse(await this.#post(['promotions'], request));
  }

  async promotion(id: string) {
    return promotionDetailSchema.parse(await this.#get(['promotions', id]));
  }

  async promotionDiff(id: string) {
    return deploymentDiffSchema.parse(
      await this.#get(['promotions', id, 'diff']),
    );
  }

  async rollout(id: string) {
    return rolloutOfPromotionSchema.parse(
      await this.#get(['promotions', id, 'rollout']),
    );
  }

  async steerRollout(id: string, wish: SteerRollout) {
    return rolloutOfPromotionSchema.parse(
      await this.#post(['promotions', id, 'rollout'], wish),
    );
  }

  vote(id: string, vote: CastVote) {
    return this.#act(id, ['votes'], vote);
  }

  cancel(id: string, reason: Reason) {
    return this.#act(id, ['cancel'], reason);
  }

  breakGlass(id: string, override: BreakGlass) {
    return this.#act(id, ['break-glass'], override);
  }

  confirmBreakGlass(id: string) {
    return this.#act(id, ['break-glass', 'confirm']);
  }

  reviewBreakGlass(id: string, review: ReviewOverride) {
    return this.#act(id, ['break-glass', 'review'], review);
  }

  async diff(query: DiffQuery) {
    return deploymentDiffSchema.parse(await this.#get(['diff'], query));
  }

  async deployments(query: DeploymentQuery) {
    return deploymentListSchema.parse(await this.#get(['deployments'], query));
  }

  async windows(query: WindowQuery) {
    return windowCalendarSchema.parse(await this.#get(['windows'], query));
  }

  async stopLine(stop: StopLine) {
    return lineStopSchema.parse(await this.#post(['stops'], stop));
  }

  async liftStop(id: string) {
    return lineStopSchema.parse(await this.#post(['stops', id, 'lift']));
  }

  async hold(hold: Hold) {
    await this.#post(['holds'], hold);
  }

  async releaseHold(hold: Hold) {
    await this.#post(['holds', 'release'], hold);
  }

  async drift(query: DriftQuery) {
    return driftListSchema.parse(await this.#get(['drift'], query));
  }

  async muteDrift(id: string, mute: MuteDrift) {
    return driftSchema.parse(await this.#post(['drift', id, 'mute'], mute));
  }

  async figures(query: FiguresQuery) {
    return deliveryFiguresSchema.parse(await this.#get(['figures'], query));
  }

  follow(options: { signal: AbortSignal; listener: DeliveryListener }) {
    const { signal, listener } = options;
    return followEvents({
      signal,
      open: headers => this.#fetch(['events'], { signal, headers }),
      onOpen: () => listener.onOpen(),
      onEvent: ({ data }) =>
        listener.onEvent(deliveryEventSchema.parse(JSON.parse(data))),
      onRetry: () => listener.onRetry(),
    });
  }

  async #act(id: string, path: string[], body?: object) {
    return promotionDetailSchema.parse(
      await this.#post(['promotions', id, ...path], body),
    );
  }

  async #get(path: string[], query: object = {}): Promise<unknown> {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      for (const each of Array.isArray(value) ? value : [value]) {
        if (each !== undefined) {
          search.append(name, String(each));
        }
      }
    }
    const response = await this.#fetch(
      path,
      { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS) },
      search,
    );
    return response.json();
  }

  async #post(path: string[], body: object = {}): Promise<unknown> {
    const response = await this.#fetch(path, {
      method: 'POST',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MILLISECONDS),
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    return response.json();
  }

  async #fetch(
    path: string[],
    init: RequestInit,
    query = new URLSearchParams(),
  ): Promise<Response> {
    const response = await this.#fetchApi.fetch(
      `plugin://promotions/${path.map(encodeURIComponent).join('/')}${
        query.size > 0 ? `?${query}` : ''
      }`,
      init,
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return response;
  }
}
