import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { permissionsRegistryServiceFactory } from '@backstage/backend-defaults/permissionsRegistry';
import {
  coreServices,
  createServiceFactory,
  type ServiceFactory,
} from '@backstage/backend-plugin-api';
import { inspectServiceFactory } from './inspectServiceFactory';

describe('inspectServiceFactory', () => {
  // These fields are private to Backstage: an upgrade that changes them stops here.
  it.each([
    [
      'auth',
      authServiceFactory as ServiceFactory<unknown, 'plugin'>,
      [
        'config',
        'database',
        'discovery',
        'externalTokenHandlers',
        'logger',
        'plugin',
        'pluginTokenHandlerDecorator',
      ],
    ],
    [
      'permissionsRegistry',
      permissionsRegistryServiceFactory as ServiceFactory<unknown, 'plugin'>,
      ['auth', 'httpAuth', 'httpRouter', 'lifecycle', 'pluginMetadata'],
    ],
  ])('finds what the stock %s factory needs', (_, factory, names) => {
    expect(Object.keys(inspectServiceFactory(factory).deps).sort()).toEqual(
      names,
    );
  });

  it('refuses a factory of another shape', () => {
    const factory = createServiceFactory({
      service: coreServices.auth,
      deps: {},
      factory: () => {
        throw new Error('not used');
      },
    });
    expect(() =>
      inspectServiceFactory({ ...factory, factory: undefined } as never),
    ).toThrow('adapt packages/walls to this version of Backstage');
  });
});
