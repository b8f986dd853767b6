import { isPersonRef } from '@portico/plugin-audit-common';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type Promotion } from '@portico/plugin-promotions-common';
import { type PromotionActor } from '@portico/plugin-promotions-node';

/** The engine itself, for whoever asked for a promotion. */
export function engineActor(
  tenant: string,
  promotion: Pick<Promotion, 'id' | 'requestedBy'>,
): PromotionActor {
  return {
    tenant,
    ref: 'plugin:promotions',
    context: pluginAuditContext('promotions', {
      correlation: promotion.id,
      ...(isPersonRef(promotion.requestedBy) && {
        onBehalfOf: promotion.requestedBy,
      }),
    }),
  };
}
