import { promotionIdSchema } from '@portico/plugin-promotions-common';

/**
 * Ids of the promotions whose pages in this portal some addresses lead to, each once.
 *
 * @param addresses - as somebody wrote them: absolute, or from the portal's origin
 */
export function promotionIdsIn(
  addresses: readonly string[],
  portal: { origin: string; pathOf(id: string): string },
): string[] {
  const ids = addresses.flatMap(address => {
    const url = URL.parse(address, portal.origin);
    const id = promotionIdSchema.safeParse(url?.pathname.split('/').at(-1));
    return url?.origin === portal.origin &&
      id.success &&
      url.pathname === portal.pathOf(id.data)
      ? [id.data]
      : [];
  });
  return [...new Set(ids)];
}
