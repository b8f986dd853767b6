import { type PromotionsService } from '@portico/plugin-promotions-node';

/**
 * The promotions for other backend parts: they may ask from their own start on, and are
 * answered as soon as the plugin is there.
 */
export class DeferredPromotionsService implements PromotionsService {
  readonly #service: Promise<PromotionsService>;
  #provide: (service: PromotionsService) => void = () => {};

  constructor() {
    this.#service = new Promise(resolve => {
      this.#provide = resolve;
    });
  }

  /** Called by the plugin, once. */
  provide(service: PromotionsService): void {
    this.#provide(service);
  }

  async announce(
    ...args: Parameters<PromotionsService['announce']>
  ): ReturnType<PromotionsService['announce']> {
    return (await this.#service).announce(...args);
  }

  async request(
    ...args: Parameters<PromotionsService['request']>
  ): ReturnType<PromotionsService['request']> {
    return (await this.#service).request(...args);
  }

  async get(
    ...args: Parameters<PromotionsService['get']>
  ): ReturnType<PromotionsService['get']> {
    return (await this.#service).get(...args);
  }

  async deployments(
    ...args: Parameters<PromotionsService['deployments']>
  ): ReturnType<PromotionsService['deployments']> {
    return (await this.#service).deployments(...args);
  }
}
