import { ResponseError } from '@backstage/errors';
import { type FetchApi } from '@backstage/frontend-plugin-api';
import { boardSchema } from '@portico/plugin-promotions-common';
import { type DeployedEnvironment, ofDelivery } from './DeployedEnvironment';

/** The board takes no more components in one question. */
const AT_ONCE = 50;
const TIMEOUT_MILLISECONDS = 30_000;
/** Who may not read deliveries, and a portal without them: others may still tell. */
const UNTOLD = [403, 404];

/**
 * What promotions brought of some components or saw deployed, by entity ref. Components of
 * which nothing was deployed are left out. Undefined where deliveries are not told.
 */
export async function deliveredOf(
  fetchApi: FetchApi,
  refs: readonly string[],
): Promise<Map<string, DeployedEnvironment[]> | undefined> {
  const found = new Map<string, DeployedEnvironment[]>();
  for (let from = 0; from < refs.length; from += AT_ONCE) {
    const query = new URLSearchParams({ limit: String(AT_ONCE) });
    for (const ref of refs.slice(from, from + AT_ONCE)) {
      query.append('component', ref);
    }
    const response = await fetchApi.fetch(
      `plugin://promotions/board?${query}`,
      {
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      },
    );
    if (UNTOLD.includes(response.status)) {
      return undefined;
    }
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    for (const row of boardSchema.parse(await response.json()).items) {
      if (row.cells.some(({ deployedAt }) => deployedAt !== undefined)) {
        found.set(row.component, row.cells.map(ofDelivery));
      }
    }
  }
  return found;
}
