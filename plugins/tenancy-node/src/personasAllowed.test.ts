import { ConfigReader } from '@backstage/config';
import { type JsonObject } from '@backstage/types';
import { personasAllowed } from './personasAllowed';

const auth = { environment: 'development', providers: { persona: {} } };
const backend = {
  baseUrl: 'http://localhost:7007',
  listen: { host: 'localhost', port: 7007 },
};

describe('personasAllowed', () => {
  it.each<[string, JsonObject]>([
    ['localhost', {}],
    ['an address', { listen: '127.0.0.1:7007' }],
    ['IPv6', { listen: { host: '::1' }, baseUrl: 'http://[::1]:7007' }],
    ['another loopback address', { listen: { host: '127.1.2.3' } }],
  ])('says yes on loopback: %s', (_, change) => {
    const config = { auth, backend: { ...backend, ...change } };
    expect(personasAllowed(new ConfigReader(config))).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['nothing set', {}],
    ['no provider', { backend, auth: { environment: 'development' } }],
    [
      'a provider switched off',
      { backend, auth: { ...auth, providers: { persona: false } } },
    ],
    ['no environment', { backend, auth: { providers: auth.providers } }],
    ['production', { backend, auth: { ...auth, environment: 'production' } }],
    ['no listen address', { auth, backend: { baseUrl: backend.baseUrl } }],
    ['a port alone', { auth, backend: { ...backend, listen: ':7007' } }],
    ['a host left out', { auth, backend: { ...backend, listen: { port: 7 } } }],
    [
      'every address',
      { auth, backend: { ...backend, listen: { host: '0.0.0.0' } } },
    ],
    ['every IPv6 address', { auth, backend: { ...backend, listen: '[::]:7' } }],
    [
      'a public base URL',
      { auth, backend: { ...backend, baseUrl: 'https://portal.example.org' } },
    ],
    [
      'a name that only begins like loopback',
      {
        auth,
        backend: { ...backend, baseUrl: 'http://localhost.example.org' },
      },
    ],
    [
      'an address that only begins like loopback',
      {
        auth,
        backend: { ...backend, listen: { host: '127.0.0.1.example.org' } },
      },
    ],
    ['no URL', { auth, backend: { ...backend, baseUrl: 'localhost' } }],
  ])('says no otherwise: %s', (_, config) => {
    expect(personasAllowed(new ConfigReader(config))).toBe(false);
  });
});
