import {
  type ServiceFactory,
  type ServiceRef,
} from '@backstage/backend-plugin-api';

/** What a stock service factory holds besides its public type; pinned by a test. */
export interface InspectedServiceFactory<TService> {
  deps: Record<string, ServiceRef<unknown>>;
  create(services: Record<string, unknown>): Promise<TService>;
}

/**
 * Takes a stock service factory apart, so that a factory of ours can build the stock
 * service first and then change what it does.
 *
 * @throws Error when the factory is not shaped as in Backstage 1.55: better no portal than
 *   one without walls
 */
export function inspectServiceFactory<TService>(
  factory: ServiceFactory<TService, 'plugin'>,
): InspectedServiceFactory<TService> {
  // The public type hides these fields; there is no other way to build upon a stock service.
  const { deps, factory: create } = factory as unknown as {
    deps?: Record<string, ServiceRef<unknown>>;
    factory?: (
      services: Record<string, unknown>,
      context: undefined,
    ) => Promise<TService>;
  };
  if (!deps || typeof create !== 'function') {
    throw new Error(
      'A stock service factory has no deps and factory any more: adapt packages/walls to this version of Backstage',
    );
  }
  return { deps, create: services => create(services, undefined) };
}
