import { ConfigReader } from '@backstage/config';
import { refuseOpenDoors } from './refuseOpenDoors';

const closed = { permission: { enabled: true }, backend: { auth: {} } };

it('accepts a configuration without a door beside the walls', () => {
  expect(() => refuseOpenDoors(new ConfigReader(closed))).not.toThrow();
});

it.each([
  ['permission.enabled', { ...closed, permission: { enabled: false } }],
  ['permission.enabled', { ...closed, permission: {} }],
  [
    'backend.auth.dangerouslyDisableDefaultAuthPolicy',
    {
      ...closed,
      backend: { auth: { dangerouslyDisableDefaultAuthPolicy: true } },
    },
  ],
  [
    'backend.auth.externalAccess',
    {
      ...closed,
      backend: {
        auth: { externalAccess: [{ type: 'static', options: {} }] },
      },
    },
  ],
])('refuses to start over %s', (key, data) => {
  expect(() => refuseOpenDoors(new ConfigReader(data))).toThrow(
    `Configuration key '${key}' must`,
  );
});
