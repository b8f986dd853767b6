import { mockServices } from '@backstage/backend-test-utils';
import { readLocalRuntimeConfig } from './readLocalRuntimeConfig';

const read = (localRuntime?: object) =>
  readLocalRuntimeConfig(
    mockServices.rootConfig({
      data: { ...(localRuntime && { localRuntime }) },
    }),
  );

describe('readLocalRuntimeConfig', () => {
  it('reads an address on loopback with its token, or nothing', () => {
    expect(read()).toBeUndefined();
    expect(read({ token: 'secret' })).toBeUndefined();
    expect(read({ url: 'http://127.0.0.1:7017', token: 'secret' })).toEqual({
      url: new URL('http://127.0.0.1:7017'),
      token: 'secret',
    });
  });

  it.each([
    'https://127.0.0.1:7017',
    'http://runtime.example',
    'http://127.0.0.1.example',
    'http://0.0.0.0:7017',
    'ftp://localhost',
    'nonsense',
  ])('refuses %s', url => {
    expect(() => read({ url, token: 'secret' })).toThrow(/loopback/);
  });

  it('needs the token', () => {
    expect(() => read({ url: 'http://localhost:7017' })).toThrow(
      /localRuntime.token/,
    );
  });
});
