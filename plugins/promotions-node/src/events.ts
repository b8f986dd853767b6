import { z } from 'zod';
import { deliveryEventSchema } from '@portico/plugin-promotions-common';

/** Topic of each change of a promotion, release, deployment, drift or stop. */
export const PROMOTIONS_TOPIC = 'portico.promotions';

/** A hint: whoever acts on it reads the truth. */
export const promotionsEventSchema = z.object({
  /** Grows; the same id is the same event. */
  id: z.string(),
  tenant: z.string(),
  at: z.iso.datetime(),
  event: deliveryEventSchema,
});
export type PromotionsEvent = z.infer<typeof promotionsEventSchema>;
