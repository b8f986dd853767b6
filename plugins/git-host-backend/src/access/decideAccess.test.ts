import fc from 'fast-check';
import {
  machineScopes,
  platformRoles,
  tenantRoles,
} from '@portico/plugin-tenancy-common';
import { decideAccess, type GitHostCaller } from './decideAccess';
import { readToken } from './RepositoryAuthorizer';

const tenant = fc.constantFrom('aurora', 'borealis', 'default');
const caller: fc.Arbitrary<GitHostCaller> = fc.record({
  userRef: fc.constant('user:aurora/kim'),
  tenant,
  kind: fc.constantFrom('person' as const, 'machine' as const),
  roles: fc.subarray([...tenantRoles, ...platformRoles]),
  scopes: fc.subarray([...machineScopes]),
});
const address = fc.record({
  tenant,
  repository: fc.constantFrom('shop', 'deployments', 'golden-paths'),
});

describe('decideAccess', () => {
  it('lets nobody see, and nobody but the owner write, a tenant’s repositories', () => {
    const property = fc.property(
      caller,
      fc.constantFrom('read' as const, 'write' as const),
      address,
      (who, action, where) => {
        const { result } = decideAccess(who, action, where);
        const foreign =
          where.tenant !== who.tenant && where.tenant !== 'default';
        const mayEver =
          action === 'read' ||
          (where.tenant === 'default'
            ? who.tenant === 'default' && who.roles.includes('platform-admin')
            : where.tenant === who.tenant &&
              where.repository !== 'deployments' &&
              (who.kind === 'machine' ||
                who.roles.some(role =>
                  ['developer', 'approver', 'tenant-admin'].includes(role),
                )));
        const scoped =
          who.kind === 'person' ||
          who.scopes.includes(action === 'read' ? 'git:read' : 'git:write');
        if (foreign) {
          return result === 'absent';
        }
        return (result === 'allowed') === (mayEver && scoped);
      },
    );
    expect(fc.check(property, { numRuns: 5_000 })).toMatchObject({
      failed: false,
    });
  });
});

describe('readToken', () => {
  const basic = (pair: string) =>
    `Basic ${Buffer.from(pair).toString('base64')}`;

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['token abc', 'abc'],
    [basic('kim:abc'), 'abc'],
    [basic('kim:a:b'), 'a:b'],
    [basic('abc:'), 'abc'],
    [basic('abc:x-oauth-basic'), 'abc'],
    [basic('abc'), 'abc'],
    [basic(':'), undefined],
    ['Basic', undefined],
    ['Bearer ', undefined],
    ['Bearer a b', undefined],
    ['Negotiate abc', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('takes from %j the token %j', (header, token) => {
    expect(readToken(header)).toBe(token);
  });
});
