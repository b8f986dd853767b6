import { type DeliveryEvent } from '@portico/plugin-promotions-common';
import { type PromotionsApi } from '../api/PromotionsApi';

/** What a subscriber is told: an event, or that events may have been missed. */
export type FeedListener = (event: DeliveryEvent | 'missed') => void;

/** One connection to the tenant's event stream for all parts of a page. */
export class DeliveryFeed {
  static readonly #feeds = new WeakMap<PromotionsApi, DeliveryFeed>();

  readonly #api: PromotionsApi;
  readonly #listeners = new Set<FeedListener>();
  #connection?: AbortController;
  #isOpen = false;

  /** The feed of an API; there is one each. */
  static of(api: PromotionsApi): DeliveryFeed {
    const feed = DeliveryFeed.#feeds.get(api) ?? new DeliveryFeed(api);
    DeliveryFeed.#feeds.set(api, feed);
    return feed;
  }

  private constructor(api: PromotionsApi) {
    this.#api = api;
  }

  /** Whether events arrive; while they do not, one has to ask. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Listens until the returned function is called; connected while somebody listens. */
  subscribe(listener: FeedListener): () => void {
    this.#listeners.add(listener);
    this.#connection ??= this.#connect();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) {
        this.#connection?.abort();
        this.#connection = undefined;
        this.#isOpen = false;
      }
    };
  }

  #connect(): AbortController {
    const controller = new AbortController();
    const { signal } = controller;
    let opened = 0;
    const tell = (event: DeliveryEvent | 'missed') => {
      if (!signal.aborted) {
        this.#listeners.forEach(listener => listener(event));
      }
    };
    this.#api
      .follow({
        signal,
        listener: {
          onOpen: () => {
            this.#isOpen = !signal.aborted;
            opened += 1;
            if (opened > 1) {
              tell('missed');
            }
          },
          onEvent: tell,
          onRetry: () => {
            this.#isOpen = false;
          },
        },
      })
      // Refused for good: those who listen go on asking.
      .catch(() => undefined)
      .finally(() => {
        if (!signal.aborted) {
          this.#isOpen = false;
        }
      });
    return controller;
  }
}
