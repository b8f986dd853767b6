import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthenticationError } from '@backstage/errors';
import { type TenantPrincipal } from '@portico/plugin-tenancy-node';
import { RequestPrincipals } from './RequestPrincipals';

const kim: TenantPrincipal = {
  tenant: 'aurora',
  userRef: 'user:aurora/kim',
  displayName: 'Kim',
  kind: 'person',
  roles: ['viewer'],
  groups: [],
  scopes: [],
  membershipVersion: 1,
};

describe('RequestPrincipals', () => {
  it('looks a session up once for a request, and again for what lives on', async () => {
    let now = 0;
    let ended = false;
    const principal = jest.fn(async () => {
      if (ended) {
        throw new AuthenticationError('The session is over');
      }
      return kim;
    });
    const principals = new RequestPrincipals({
      tenancy: { principal },
      now: () => now,
    });
    const credentials = mockCredentials.user('user:aurora/kim');
    await principals.check(credentials);
    now = 999;
    expect(await principals.of(credentials)).toBe(kim);
    expect(principal).toHaveBeenCalledTimes(1);

    ended = true;
    now = 1000;
    await expect(principals.of(credentials)).rejects.toThrow('is over');
    // Another request of the same user brings credentials of its own.
    await expect(
      principals.of(mockCredentials.user('user:aurora/kim')),
    ).rejects.toThrow('is over');
  });

  it('refuses services and nobody', async () => {
    const principals = new RequestPrincipals({
      tenancy: { principal: async () => kim },
    });
    for (const credentials of [
      mockCredentials.service(),
      mockCredentials.none(),
    ]) {
      await expect(principals.of(credentials)).rejects.toThrow(
        'The credentials are not those of a user',
      );
    }
  });
});
