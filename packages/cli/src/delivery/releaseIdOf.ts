import {
  digestSchema,
  releaseListSchema,
} from '@portico/plugin-promotions-common';
import { type PortalClient } from '../portal/PortalClient';
import { PortalError } from '../portal/PortalError';
import { promotionsPath } from './promotionsPath';

/** The id of a release that was named by its id or by its version. */
export async function releaseIdOf(
  client: PortalClient,
  component: string,
  text: string,
): Promise<string> {
  if (digestSchema.safeParse(text).success) {
    return text;
  }
  const query = new URLSearchParams({ component, limit: '100' });
  const { items } = await client.call(
    `${promotionsPath`/releases`}?${query}`,
    releaseListSchema,
  );
  const found = items.filter(
    ({ content, sample }) => !sample && content.version === text,
  );
  if (found.length === 1) {
    return found[0].id;
  }
  throw new PortalError(
    found.length === 0
      ? `None of the newest 100 releases of ${component} is called ${text}: see portico release list`
      : `${found.length} releases of ${component} are called ${text}: name one by its id`,
  );
}
