import { createServiceFactory } from '@backstage/backend-plugin-api';
import { promotionsServiceRef } from '@portico/plugin-promotions-node';
import { DeferredPromotionsService } from './DeferredPromotionsService';

/** The promotions of the process; the plugin provides what it answers with. */
export const promotionsServiceFactory = createServiceFactory({
  service: promotionsServiceRef,
  deps: {},
  factory: () => new DeferredPromotionsService(),
});
