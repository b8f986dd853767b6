import { ConfigReader } from '@backstage/config';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  AuthorizeResult,
  createPermission,
  type Permission,
  type PolicyDecision,
} from '@backstage/plugin-permission-common';
import {
  machineScopes,
  platformRoles,
  tenantRoles,
} from '@portico/plugin-tenancy-common';
import { type TenantPrincipal } from '@portico/plugin-tenancy-node';
import fc from 'fast-check';
import { RequestPrincipals } from '../RequestPrincipals';
import { policyTable } from './policyTable';
import { readScaffolderActions } from './scaffolderActions';
import { TenantPolicy } from './TenantPolicy';

const allRoles = [...tenantRoles, ...platformRoles];

function person(
  tenant: string,
  roles: TenantPrincipal['roles'],
): TenantPrincipal {
  return {
    tenant,
    userRef: `user:${tenant}/kim`,
    displayName: 'Kim',
    kind: 'person',
    roles,
    groups: [],
    scopes: [],
    membershipVersion: 1,
  };
}

function machine(
  tenant: string,
  scopes: TenantPrincipal['scopes'],
): TenantPrincipal {
  return { ...person(tenant, ['tenant-admin']), kind: 'machine', scopes };
}

function createPolicy(principal: TenantPrincipal | Error) {
  const logger = mockServices.logger.mock();
  const policy = new TenantPolicy({
    logger,
    scaffolderActions: readScaffolderActions(new ConfigReader({})),
    principals: new RequestPrincipals({
      tenancy: {
        principal: async () => {
          if (principal instanceof Error) {
            throw principal;
          }
          return principal;
        },
      },
    }),
  });
  return { policy, logger };
}

async function decide(
  principal: TenantPrincipal,
  name: string,
): Promise<PolicyDecision> {
  return createPolicy(principal).policy.handle(
    { permission: createPermission({ name, attributes: {} }) },
    {
      credentials: mockCredentials.user(principal.userRef),
      // What Backstage froze at sign-in; a policy that believed it would allow all.
      info: {
        userEntityRef: 'user:default/pat',
        ownershipEntityRefs: ['user:default/pat'],
      },
    },
  );
}

/** Every namespace that a decision speaks of, in whatever condition. */
function namespacesIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    return value.flatMap(namespacesIn);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'namespaces' ? (inner as string[]) : namespacesIn(inner),
  );
}

const tenantId = fc
  .stringMatching(/^[a-z0-9][a-z0-9-]{0,10}[a-z0-9]$/)
  .filter(id => id !== 'default');
const anyPrincipal = fc
  .record({
    tenant: fc.oneof(tenantId, fc.constant('default')),
    roles: fc.subarray([...allRoles]),
    scopes: fc.subarray([...machineScopes]),
    isMachine: fc.boolean(),
  })
  .map(({ tenant, roles, scopes, isMachine }) => ({
    ...(isMachine ? machine(tenant, scopes) : person(tenant, roles)),
    roles,
    scopes,
  }));
const aboutEntities = new Set([
  'catalog.entity.read',
  'catalog.entity.refresh',
  'catalog.entity.delete',
]);
const anyRow = fc.constantFrom(...policyTable.keys());

describe('TenantPolicy', () => {
  it('never speaks of another tenant, whatever the roles', async () => {
    await fc.assert(
      fc.asyncProperty(anyPrincipal, anyRow, async (principal, name) => {
        const decision = await decide(principal, name);
        const allowed = new Set([principal.tenant, 'default']);
        expect(
          namespacesIn(decision).filter(namespace => !allowed.has(namespace)),
        ).toEqual([]);
        expect(
          decision.result === AuthorizeResult.ALLOW && aboutEntities.has(name),
        ).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('gives nothing to who has no role or scope that counts', async () => {
    await fc.assert(
      fc.asyncProperty(tenantId, anyRow, async (tenant, name) => {
        for (const nobody of [
          person(tenant, []),
          person(tenant, [...platformRoles]),
          person('default', [...tenantRoles]),
          // a machine has the rights of its scopes, whatever its roles
          machine(tenant, []),
        ]) {
          expect(await decide(nobody, name)).toEqual({ result: 'DENY' });
        }
      }),
    );
  });

  it('writes to the own tenant only', async () => {
    await fc.assert(
      fc.asyncProperty(anyPrincipal, async principal => {
        const decision = await decide(principal, 'catalog.entity.refresh');
        expect(new Set(namespacesIn(decision))).toEqual(
          new Set(
            decision.result === AuthorizeResult.DENY ? [] : [principal.tenant],
          ),
        );
      }),
    );
  });

  it.each([
    ['viewer', 'scaffolder.task.create', 'DENY'],
    ['developer', 'scaffolder.task.create', 'ALLOW'],
    ['developer', 'tenancy.source.manage', 'DENY'],
    ['developer', 'tenancy.source.refresh', 'ALLOW'],
    ['approver', 'git-host.repository.write', 'ALLOW'],
    ['viewer', 'git-host.repository.write', 'DENY'],
    ['viewer', 'git-host.repository.read', 'ALLOW'],
    ['tenant-admin', 'tenancy.member.manage', 'ALLOW'],
    ['tenant-admin', 'tenancy.tenant.manage', 'DENY'],
    ['tenant-admin', 'catalog.entity.delete', 'DENY'],
    ['tenant-admin', 'catalog.location.create', 'DENY'],
    ['tenant-admin', 'scaffolder.template.dry-run', 'DENY'],
    ['developer', 'audit.entry.read', 'DENY'],
    ['approver', 'audit.entry.read', 'ALLOW'],
    ['tenant-admin', 'audit.entry.read', 'ALLOW'],
    ['approver', 'audit.person.erase', 'DENY'],
    ['viewer', 'promotions.read', 'ALLOW'],
    ['viewer', 'promotions.request', 'DENY'],
    ['developer', 'promotions.request', 'ALLOW'],
    ['viewer', 'promotions.vote', 'DENY'],
    ['developer', 'promotions.vote', 'ALLOW'],
    ['developer', 'promotions.release.reject', 'DENY'],
    ['approver', 'promotions.vote', 'ALLOW'],
    ['approver', 'promotions.override', 'ALLOW'],
    ['approver', 'promotions.operate', 'DENY'],
    ['tenant-admin', 'promotions.operate', 'ALLOW'],
    ['tenant-admin', 'audit.person.erase', 'ALLOW'],
  ] as const)('tells a %s about %s: %s', async (role, name, result) => {
    expect((await decide(person('aurora', [role]), name)).result).toBe(result);
  });

  it.each([
    ['platform-admin', 'audit.entry.read', 'ALLOW'],
    ['auditor', 'audit.entry.read', 'ALLOW'],
    ['platform-admin', 'audit.person.erase', 'ALLOW'],
    ['auditor', 'audit.person.erase', 'DENY'],
    ['auditor', 'promotions.read', 'ALLOW'],
    ['auditor', 'promotions.operate', 'DENY'],
    ['platform-admin', 'promotions.operate', 'ALLOW'],
  ] as const)(
    'tells a %s of the platform about %s: %s',
    async (role, name, result) => {
      expect((await decide(person('default', [role]), name)).result).toBe(
        result,
      );
    },
  );

  it.each([
    [['catalog:read'], 'catalog.entity.read', 'CONDITIONAL'],
    [['git:read'], 'catalog.entity.read', 'DENY'],
    [['git:read'], 'git-host.repository.read', 'ALLOW'],
    [['git:read'], 'git-host.repository.write', 'DENY'],
    [['git:write'], 'git-host.repository.write', 'ALLOW'],
    [['catalog:read'], 'scaffolder.task.create', 'DENY'],
    [['scaffolder:run'], 'scaffolder.task.create', 'ALLOW'],
    [[...machineScopes], 'tenancy.token.manage', 'DENY'],
    [[...machineScopes], 'tenancy.member.manage', 'DENY'],
    [[...machineScopes], 'audit.entry.read', 'DENY'],
    [[...machineScopes], 'audit.person.erase', 'DENY'],
    [['releases:write'], 'promotions.release.announce', 'ALLOW'],
    [['releases:write'], 'promotions.read', 'ALLOW'],
    [['git:write'], 'promotions.release.announce', 'DENY'],
    [[...machineScopes], 'promotions.request', 'DENY'],
    [[...machineScopes], 'promotions.vote', 'DENY'],
    [[...machineScopes], 'promotions.override', 'DENY'],
    [[...machineScopes], 'promotions.operate', 'DENY'],
  ] as const)(
    'tells a machine with %j about %s: %s',
    async (scopes, name, result) => {
      expect((await decide(machine('aurora', [...scopes]), name)).result).toBe(
        result,
      );
    },
  );

  it('denies what it does not know, and says so once', async () => {
    const { policy, logger } = createPolicy(person('default', [...allRoles]));
    const permission: Permission = createPermission({
      name: 'invented.by\nsomeone',
      attributes: {},
    });
    const user = {
      credentials: mockCredentials.user('user:default/kim'),
      info: { userEntityRef: '', ownershipEntityRefs: [] },
    };
    for (let asked = 0; asked < 3; asked += 1) {
      expect(await policy.handle({ permission }, user)).toEqual({
        result: AuthorizeResult.DENY,
      });
    }
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      'Permission "invented.by\\nsomeone" has no row in the policy table and is denied',
    );
  });

  it('denies a caller without credentials', async () => {
    const { policy } = createPolicy(person('aurora', ['viewer']));
    expect(
      await policy.handle({
        permission: createPermission({
          name: 'catalog.entity.read',
          attributes: {},
        }),
      }),
    ).toEqual({ result: AuthorizeResult.DENY });
  });

  it.each([
    ['the session is over', 'user:aurora/kim', 'AuthenticationError', 0],
    ['the database fails', 'user:aurora/kim', 'Error', 1],
  ])('denies when %s', async (_, userRef, name, logged) => {
    const { policy, logger } = createPolicy(
      Object.assign(new Error('broken'), { name }),
    );
    expect(
      await policy.handle(
        {
          permission: createPermission({
            name: 'catalog.entity.read',
            attributes: {},
          }),
        },
        {
          credentials: mockCredentials.user(userRef),
          info: { userEntityRef: userRef, ownershipEntityRefs: [] },
        },
      ),
    ).toEqual({ result: AuthorizeResult.DENY });
    expect(logger.error).toHaveBeenCalledTimes(logged);
  });

  it('denies a token that names another user than its session', async () => {
    const { policy } = createPolicy(person('aurora', ['tenant-admin']));
    for (const userRef of ['user:borealis/kim', 'user:aurora/other']) {
      expect(
        await policy.handle(
          {
            permission: createPermission({
              name: 'tenancy.member.manage',
              attributes: {},
            }),
          },
          {
            credentials: mockCredentials.user(userRef),
            info: { userEntityRef: userRef, ownershipEntityRefs: [] },
          },
        ),
      ).toEqual({ result: AuthorizeResult.DENY });
    }
  });
});

describe('readScaffolderActions', () => {
  const read = (additionalActions: string[]) =>
    readScaffolderActions(
      new ConfigReader({ portico: { scaffolder: { additionalActions } } }),
    );

  it('adds what the platform allows', () => {
    expect(read(['publish:github'])).toContain('publish:github');
    expect(read([])).not.toContain('publish:github');
  });

  it('refuses actions that read across tenants', () => {
    for (const action of ['fetch:plain', 'catalog:register']) {
      expect(() => read([action])).toThrow(
        `Configuration key 'portico.scaffolder.additionalActions' names '${action}'`,
      );
    }
  });
});
