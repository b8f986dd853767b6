import { type DeliveryEvent } from '@portico/plugin-promotions-common';

/** A change of delivery as the table of events keeps it. */
export interface StoredEvent {
  /** Unique in the portal. */
  id: string;
  tenant: string;
  at: Date;
  event: DeliveryEvent;
}

/** A CloudEvent 1.0 in structured mode. */
export interface CloudEvent {
  specversion: '1.0';
  id: string;
  /** `/portico/tenants/<tenant>` */
  source: string;
  /** `portico.promotion.succeeded`, `portico.release` */
  type: string;
  /** Id of the promotion, or ref of the component. */
  subject?: string;
  /** RFC 3339, UTC. */
  time: string;
  datacontenttype: 'application/json';
  data: DeliveryEvent;
}

/** The CloudEvent of a change; https://github.com/cloudevents/spec, version 1.0.2. */
export function cloudEventOf(stored: StoredEvent): CloudEvent {
  const { event } = stored;
  const subject = event.type === 'promotion' ? event.id : event.component;
  return {
    specversion: '1.0',
    id: stored.id,
    source: `/portico/tenants/${stored.tenant}`,
    type: typeOf(event),
    ...(subject !== undefined && { subject }),
    time: stored.at.toISOString(),
    datacontenttype: 'application/json',
    data: event,
  };
}

/** `<prefix>.<tenant>.promotion.succeeded`: a consumer can be let at one tenant alone. */
export function natsSubjectOf(prefix: string, stored: StoredEvent): string {
  const { event } = stored;
  return event.type === 'promotion'
    ? `${prefix}.${stored.tenant}.promotion.${event.phase}`
    : `${prefix}.${stored.tenant}.${event.type}`;
}

function typeOf(event: DeliveryEvent): string {
  return event.type === 'promotion'
    ? `portico.promotion.${event.phase}`
    : `portico.${event.type}`;
}
