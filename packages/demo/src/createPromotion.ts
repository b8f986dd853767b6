import {
  promotionDetailSchema,
  promotionListSchema,
  promotionSchema,
  releaseListSchema,
} from '@portico/plugin-promotions-common';
import { type DemoPromotion } from './organisations';
import { type PortalClient } from './PortalClient';
import { waitFor } from './waitFor';

/** The local runtime builds one component after the other. */
const RELEASE_LIMIT_MILLISECONDS = 20 * 60_000;
const SHOWN_LIMIT_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 1_000;
const API = '/api/promotions';

/**
 * Asks for the promotion of a component's newest release and has it approved by those who
 * do. A promotion to the same place that is there already is left to the people; sample
 * history is none.
 *
 * @returns whether there was something to do
 */
export async function createPromotion(options: {
  as: (name: string) => PortalClient;
  tenant: string;
  promotion: DemoPromotion;
  signal: AbortSignal;
}): Promise<'created' | 'existing'> {
  const { as, tenant, promotion, signal } = options;
  const { environment } = promotion;
  const component = `component:${tenant}/${promotion.component}`;
  const requester = as(promotion.requestedBy);
  const query = new URLSearchParams({ component, environment, limit: '1' });
  const { items } = await requester.get(
    `${API}/promotions?${query}`,
    promotionListSchema,
  );
  // The newest first: what is real comes before what was made up.
  const existing = items.find(({ sample }) => !sample);
  const id =
    existing?.id ??
    (
      await requester.post(
        `${API}/promotions`,
        {
          component,
          environment,
          release: await newestRelease(requester, component, signal),
          comment: promotion.comment,
          key: `demo ${component} ${environment}`,
        },
        promotionSchema,
      )
    ).id;
  let changed = existing === undefined;
  for (const name of promotion.approvedBy) {
    changed = (await approve(as(name), id, signal)) || changed;
  }
  return changed ? 'created' : 'existing';
}

async function newestRelease(
  client: PortalClient,
  component: string,
  signal: AbortSignal,
): Promise<string> {
  const query = new URLSearchParams({ component, limit: '1' });
  const release = await waitFor(
    async () =>
      (
        await client.get(`${API}/releases?${query}`, releaseListSchema)
      ).items.find(({ sample }) => !sample),
    {
      what: `The first release of ${component}`,
      limitMilliseconds: RELEASE_LIMIT_MILLISECONDS,
      pollMilliseconds: POLL_MILLISECONDS,
      signal,
    },
  );
  return release.id;
}

/** Votes for what is shown, once it is shown. @returns whether there was something to vote on */
async function approve(
  client: PortalClient,
  id: string,
  signal: AbortSignal,
): Promise<boolean> {
  const detail = await waitFor(
    async () => {
      const now = await client.get(
        `${API}/promotions/${id}`,
        promotionDetailSchema,
      );
      const { phase, subject, endedAt } = now.promotion;
      const isShown = phase === 'waiting' && subject !== undefined;
      const isOver = endedAt !== undefined || phase === 'running';
      return isShown || isOver ? now : undefined;
    },
    {
      what: `What the promotion ${id} would change`,
      limitMilliseconds: SHOWN_LIMIT_MILLISECONDS,
      pollMilliseconds: POLL_MILLISECONDS,
      signal,
    },
  );
  const { phase, subject } = detail.promotion;
  if (
    phase !== 'waiting' ||
    detail.votes.some(({ voter }) => voter === client.userRef)
  ) {
    return false;
  }
  await client.post(
    `${API}/promotions/${id}/votes`,
    { decision: 'approve', subject },
    promotionDetailSchema,
  );
  return true;
}
