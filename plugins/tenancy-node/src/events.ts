import { z } from 'zod';
import { type SourceDelta } from './TenancyService';

/**
 * Topic of the event service that asks for sources to be read again. Only a hint:
 * the reader looks at the truth itself.
 */
export const TENANCY_SOURCES_TOPIC = 'tenancy.sources';

export const tenancySourcesEventSchema = z.discriminatedUnion('kind', [
  /** A source was registered, or someone asked to read it again. */
  z.object({ kind: z.literal('read'), tenant: z.string(), source: z.string() }),
  /** A source was removed; the delta comes from `TenancySources.remove`. */
  z.object({
    kind: z.literal('removed'),
    delta: z.custom<SourceDelta>(),
  }),
  /** People or groups of a tenant changed. */
  z.object({ kind: z.literal('directory'), tenant: z.string() }),
]);
export type TenancySourcesEvent = z.infer<typeof tenancySourcesEventSchema>;
