// The guards that the suite switches off, each where it stands in the sources. Loaded by
// the suite, which names them, and by `switchGuards.cjs` in the suite's own backend.
//
// `find` must stand in the file exactly once, and `off('<id>')` is true while the guard is
// switched off. A guard that is kept by two checks is switched off in both.

/** @typedef {{ file: string, find: string, replace: string }} Change */
/** @type {Array<{ id: string, changes: Change[] }>} */
const guards = [
  {
    id: 'route row',
    changes: [
      {
        file: 'packages/walls/src/http/rootHttpRouterServiceFactory.ts',
        find: 'if (!route) {',
        replace:
          "if (!route && off('route row')) { next(); return; } if (!route) {",
      },
      {
        file: 'packages/walls/src/http/guardRoutes.ts',
        find: 'if (!route) {',
        replace:
          "if (!route && off('route row')) { next(); return; } if (!route) {",
      },
    ],
  },
  {
    id: 'one reading of a path',
    changes: [
      {
        file: 'packages/walls/src/http/locateRequest.ts',
        find: 'if (isMalformed(path)) {',
        replace: "if (!off('one reading of a path') && isMalformed(path)) {",
      },
    ],
  },
  {
    id: 'who may call',
    changes: [
      {
        file: 'packages/walls/src/http/guardRoutes.ts',
        find: "if (route.who.includes('public')) {",
        replace: "if (off('who may call') || route.who.includes('public')) {",
      },
    ],
  },
  {
    id: 'hides others',
    changes: [
      {
        file: 'packages/walls/src/http/guardRoutes.ts',
        find: 'refused && findRoute',
        replace: "!off('hides others') && refused && findRoute",
      },
    ],
  },
  {
    id: 'size of a body',
    changes: [
      {
        file: 'packages/walls/src/http/bodyLimits.ts',
        find: 'if (known) {',
        replace: "if (known && !off('size of a body')) {",
      },
      {
        file: 'packages/walls/src/http/bodyLimits.ts',
        find: 'handlers.set(body, handler);',
        replace: "if (!off('size of a body')) { handlers.set(body, handler); }",
      },
      {
        file: 'packages/walls/src/http/bodyLimits.ts',
        find: 'limit: body.bytes,',
        replace: "limit: off('size of a body') ? '50mb' : body.bytes,",
      },
    ],
  },
  {
    id: 'depth of a body',
    changes: [
      {
        file: 'packages/walls/src/http/bodyLimits.ts',
        find: 'if (jsonDepth(bytes) > most) {',
        replace: "if (!off('depth of a body') && jsonDepth(bytes) > most) {",
      },
    ],
  },
  {
    id: 'session',
    changes: [
      {
        file: 'packages/walls/src/auth/authServiceFactory.ts',
        find: "if (auth.isPrincipal(credentials, 'user')) {",
        replace:
          "if (!off('session') && auth.isPrincipal(credentials, 'user')) {",
      },
    ],
  },
  {
    id: 'decision in process',
    changes: [
      {
        file: 'packages/walls/src/permissions/PolicyPermissions.ts',
        find: 'const decision = await this.#options.policy.handle(',
        replace:
          "if (off('decision in process')) { return { result: AuthorizeResult.ALLOW }; } const decision = await this.#options.policy.handle(",
      },
    ],
  },
  {
    id: 'condition on the tenant',
    changes: [
      {
        file: 'plugins/permission-backend-module-tenancy/src/policy/TenantPolicy.ts',
        find: 'return entitiesReadableIn(principal.tenant);',
        replace:
          "return off('condition on the tenant') ? { result: AuthorizeResult.ALLOW } : entitiesReadableIn(principal.tenant);",
      },
    ],
  },
  {
    id: 'people of the platform',
    changes: [
      {
        file: 'plugins/permission-backend-module-tenancy/src/policy/conditions.ts',
        find: 'return entitiesOf(PLATFORM_TENANT);\n  }',
        replace:
          "return entitiesOf(PLATFORM_TENANT);\n  }\n  if (off('people of the platform')) { return entities(inNamespaces([tenant, PLATFORM_TENANT])); }",
      },
    ],
  },
  {
    id: 'condition on the task',
    changes: [
      {
        file: 'plugins/permission-backend-module-tenancy/src/policy/TenantPolicy.ts',
        find: 'return tasksOf(principal.userRef);',
        replace:
          "return off('condition on the task') ? { result: AuthorizeResult.ALLOW } : tasksOf(principal.userRef);",
      },
    ],
  },
  {
    id: 'tenant of a path of the tenancy',
    changes: [
      {
        file: 'plugins/tenancy-backend/src/router/TenancyAccess.ts',
        find: '(mine || isPlatformAdministrator(caller.principal))',
        replace:
          "(off('tenant of a path of the tenancy') || mine || isPlatformAdministrator(caller.principal))",
      },
    ],
  },
  {
    id: 'tenant of a repository',
    changes: [
      {
        file: 'plugins/git-host-backend/src/access/decideAccess.ts',
        find: 'if (!own && !platforms) {',
        replace: "if (!off('tenant of a repository') && !own && !platforms) {",
      },
    ],
  },
  {
    id: 'secret of a machine token',
    changes: [
      {
        file: 'plugins/tenancy-backend/src/service/MachineTokenStore.ts',
        find: '!timingSafeEqual(row.secret_hash, digest(secret)) ||',
        replace:
          "(!off('secret of a machine token') && !timingSafeEqual(row.secret_hash, digest(secret))) ||",
      },
    ],
  },
  {
    id: 'host of a persona',
    changes: [
      {
        file: 'plugins/auth-backend-module-personas/src/personaAuthenticator.ts',
        find: 'if (!isLoopbackHost(req.headers.host)) {',
        replace:
          "if (!off('host of a persona') && !isLoopbackHost(req.headers.host)) {",
      },
    ],
  },
  {
    id: 'signature of a webhook',
    changes: [
      {
        file: 'plugins/tenancy-backend/src/router/webhookRoutes.ts',
        find: 'const delivery = verifyDelivery({',
        replace:
          "const delivery = off('signature of a webhook') ? { id: String(Math.random()) } : verifyDelivery({",
      },
    ],
  },
  {
    id: 'reader bound to the tenant',
    changes: [
      {
        file: 'plugins/scaffolder-backend-module-git-host/src/actions/createFetchTemplateAction.ts',
        find: 'reader: createTenantReader({ tenant, gitHost }),',
        replace:
          "reader: createTenantReader({ tenant: off('reader bound to the tenant') ? globalThis.suiteVictim : tenant, gitHost }),",
      },
    ],
  },
  {
    id: 'stamp of the source',
    changes: [
      {
        file: 'plugins/catalog-backend-module-tenancy/src/reading/stampEntity.ts',
        find: 'namespace: address.tenant,',
        replace:
          "namespace: off('stamp of the source') ? entity.metadata.namespace : address.tenant,",
      },
    ],
  },
  {
    id: 'refs stay in the tenant',
    changes: [
      {
        file: 'plugins/catalog-backend-module-tenancy/src/reading/completeReferences.ts',
        find: 'if (parsed.namespace.toLowerCase() !== tenant) {\n    throw new RefusedDocument(path, foreignRefReason(ref, tenant));\n  }\n  return stringifyEntityRef({ ...parsed, namespace: tenant });',
        replace:
          "if (!off('refs stay in the tenant') && parsed.namespace.toLowerCase() !== tenant) {\n    throw new RefusedDocument(path, foreignRefReason(ref, tenant));\n  }\n  return stringifyEntityRef({ ...parsed, namespace: off('refs stay in the tenant') ? parsed.namespace : tenant });",
      },
      {
        file: 'plugins/catalog-backend-module-tenancy/src/reading/completeReferences.ts',
        find: 'if (namespace !== undefined && namespace.toLowerCase() !== tenant) {',
        replace:
          "if (!off('refs stay in the tenant') && namespace !== undefined && namespace.toLowerCase() !== tenant) {",
      },
    ],
  },
  {
    id: 'claim against the grants',
    changes: [
      {
        file: 'plugins/bindings-common/src/matchClaim.ts',
        find: 'return covers(kind, granted, resource)',
        replace:
          "return off('claim against the grants') || covers(kind, granted, resource)",
      },
    ],
  },
  {
    id: 'tenant of a grant',
    changes: [
      {
        file: 'plugins/bindings-backend/src/router/BindingsAccess.ts',
        find: 'caller.principal.tenant === tenant ||',
        replace:
          "off('tenant of a grant') || caller.principal.tenant === tenant ||",
      },
    ],
  },
  {
    id: 'chain of a reader',
    changes: [
      {
        file: 'plugins/audit-backend/src/router/AuditAccess.ts',
        find: "return { kind: 'own', chain: tenant };",
        replace:
          "return off('chain of a reader') ? { kind: 'auditor' } : { kind: 'own', chain: tenant };",
      },
    ],
  },
  {
    id: 'turns of tenants',
    changes: [
      {
        file: 'packages/walls/src/limits/takeTurns.ts',
        find: 'if (tenant === undefined || response.destroyed) {',
        replace:
          "if (off('turns of tenants') || tenant === undefined || response.destroyed) {",
      },
    ],
  },
  {
    id: 'numbers of events',
    changes: [
      {
        file: 'packages/walls/src/taskEvents/renumberAnswer.ts',
        find: 'id: numbers.numberOf(known)',
        replace:
          "id: off('numbers of events') ? known.id : numbers.numberOf(known)",
      },
    ],
  },
  {
    id: 'entity of what runs',
    changes: [
      {
        file: 'plugins/local-runtime-backend/src/router/EntityComponents.ts',
        find: 'namespace === principal.tenant &&',
        replace:
          "(off('entity of what runs') || namespace === principal.tenant) &&",
      },
      {
        file: 'plugins/local-runtime-backend/src/router/EntityComponents.ts',
        find: 'if (!wanted || !entity) {',
        replace: "if (!wanted || (!entity && !off('entity of what runs'))) {",
      },
    ],
  },
  {
    id: 'run of an entity',
    changes: [
      {
        file: 'plugins/local-runtime-backend/src/router/createRouter.ts',
        find: 'run?.tenant === of.tenant &&',
        replace:
          "run && (off('run of an entity') || run.tenant === of.tenant) &&",
      },
      {
        file: 'plugins/local-runtime-backend/src/router/createRouter.ts',
        find: '(run.component === of.component ||',
        replace:
          "(off('run of an entity') || run.component === of.component ||",
      },
    ],
  },
];

module.exports = { guards };
