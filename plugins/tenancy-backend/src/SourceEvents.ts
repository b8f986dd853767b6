import { type EventsService } from '@backstage/plugin-events-node';
import {
  type SourceDelta,
  TENANCY_SOURCES_TOPIC,
  type TenancySourcesEvent,
} from '@portico/plugin-tenancy-node';

/** Tells whoever listens, the catalog's reader above all, that something changed. */
export class SourceEvents {
  readonly #events: EventsService;

  constructor(events: EventsService) {
    this.#events = events;
  }

  /** A source is to be read again. */
  async read(tenant: string, source: string): Promise<void> {
    await this.#publish({ kind: 'read', tenant, source });
  }

  /** A source is gone. */
  async removed(delta: SourceDelta): Promise<void> {
    await this.#publish({ kind: 'removed', delta });
  }

  /** People or groups of a tenant changed. */
  async directory(tenant: string): Promise<void> {
    await this.#publish({ kind: 'directory', tenant });
  }

  async #publish(eventPayload: TenancySourcesEvent): Promise<void> {
    await this.#events.publish({ topic: TENANCY_SOURCES_TOPIC, eventPayload });
  }
}
