import { ConfigReader } from '@backstage/config';
import { readOidcPolicy } from './readOidcPolicy';

const METADATA = '/.well-known/openid-configuration';

describe('readOidcPolicy', () => {
  const read = (settings: Record<string, string | boolean>) =>
    readOidcPolicy(new ConfigReader(settings));

  it('expects the issuer of the metadata, or the given one', () => {
    const metadataUrl = `https://accounts.example/realms/a${METADATA}`;
    expect(read({ metadataUrl })).toEqual({
      issuer: 'https://accounts.example/realms/a',
      requireEmail: false,
    });
    expect(
      read({ metadataUrl, issuer: 'https://a.example', requireEmail: true }),
    ).toEqual({ issuer: 'https://a.example', requireEmail: true });
  });

  it('takes plain http from this machine only', () => {
    expect(
      read({ metadataUrl: `http://localhost:8080${METADATA}` }).issuer,
    ).toBe('http://localhost:8080');
    for (const metadataUrl of [
      `http://accounts.example${METADATA}`,
      `http://localhost.example${METADATA}`,
      `file:///etc${METADATA}`,
      'accounts.example',
    ]) {
      expect(() => read({ metadataUrl })).toThrow(
        'metadataUrl must be an https address',
      );
    }
  });

  it('asks for the issuer where it cannot be told', () => {
    expect(() =>
      read({ metadataUrl: 'https://accounts.example/meta' }),
    ).toThrow('the issuer must be given as issuer');
  });

  it.each(['none', 'HS256', 'HS512', 'rs256', ''])(
    'refuses the signature algorithm "%s"',
    tokenSignedResponseAlg => {
      expect(() =>
        read({
          metadataUrl: `https://accounts.example${METADATA}`,
          tokenSignedResponseAlg,
        }),
      ).toThrow(/tokenSignedResponseAlg/);
    },
  );
});
