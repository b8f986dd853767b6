import { type PromotionKind } from '@portico/plugin-promotions-common';

/** The text that says what a promotion is to do. */
export function promotionTitleKey(kind: PromotionKind) {
  switch (kind) {
    case 'promote':
      return 'promotion.titlePromote' as const;
    case 'rollback':
      return 'promotion.titleRollback' as const;
    case 'redeploy':
      return 'promotion.titleRedeploy' as const;
    default:
      return kind satisfies never;
  }
}
