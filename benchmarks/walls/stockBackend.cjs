// Stock Backstage 1.55 from its published packages: auth, permissions, catalog. Ours are a
// sign-in that believes the name it is told, one policy that decides by user name, and the
// probes; see README.md.
const { readFileSync } = require('node:fs');
const { createBackend } = require('@backstage/backend-defaults');
const { createBackendModule } = require('@backstage/backend-plugin-api');
const { authProvidersExtensionPoint } = require('@backstage/plugin-auth-node');
const {
  catalogProcessingExtensionPoint,
} = require('@backstage/plugin-catalog-node');
const {
  policyExtensionPoint,
} = require('@backstage/plugin-permission-node/alpha');
const { createProbes } = require('./probes.cjs');

/** Names of the groups of each tenant. */
const groups = JSON.parse(readFileSync(process.env.BENCHMARK_GROUPS, 'utf8'));

const signIn = createBackendModule({
  pluginId: 'auth',
  moduleId: 'benchmark',
  register(reg) {
    reg.registerInit({
      deps: { providers: authProvidersExtensionPoint },
      async init({ providers }) {
        providers.registerProvider({
          providerId: 'benchmark',
          factory: ({ resolverContext }) => ({
            async start() {},
            async frameHandler() {},
            async refresh(request, response) {
              const sub = request.header('x-benchmark-user');
              const { token } = await resolverContext.issueToken({
                claims: { sub, ent: [sub] },
              });
              response.json({ token });
            },
          }),
        });
      },
    });
  },
});

/** `user:t001/or-2` is decided on in the way `or-2`. */
const policy = {
  async handle({ permission }, user) {
    const [, tenant, mode] =
      /^user:([^/]+)\/(.+)$/.exec(user?.info.userEntityRef ?? '') ?? [];
    if (!tenant) return { result: 'DENY' };
    if (permission.resourceType !== 'catalog-entity' || mode === 'allow-all') {
      return { result: 'ALLOW' };
    }
    return {
      result: 'CONDITIONAL',
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: conditionsOf(tenant, mode),
    };
  },
};

const rule = (name, params) => ({
  rule: name,
  resourceType: 'catalog-entity',
  params,
});
const namespace = value => rule('HAS_METADATA', { key: 'namespace', value });

function conditionsOf(tenant, mode) {
  const [kind, size] = mode.split('-');
  switch (kind) {
    case 'tenant':
      return namespace(tenant);
    case 'or': {
      // The second is the platform's namespace, as in Portico; the rest match nothing.
      const others = [
        'default',
        'nobody-1',
        'nobody-2',
        'nobody-3',
        'nobody-4',
        'nobody-5',
        'nobody-6',
        'nobody-7',
        'nobody-8',
      ];
      return {
        anyOf: [tenant, ...others].slice(0, Number(size)).map(namespace),
      };
    }
    case 'deep':
      return {
        allOf: [
          {
            anyOf: [
              namespace(tenant),
              {
                allOf: [
                  namespace('default'),
                  rule('IS_ENTITY_KIND', { kinds: ['Template'] }),
                ],
              },
            ],
          },
          { not: rule('HAS_LABEL', { label: 'nobody' }) },
        ],
      };
    case 'claims':
      return rule('IS_ENTITY_OWNER', {
        claims: claimsOf(tenant, Number(size)),
      });
    default:
      throw new Error(`Unknown mode ${mode}`);
  }
}

/** The tenant's own groups first, then groups that own nothing. */
function claimsOf(tenant, size) {
  const own = groups[tenant].map(name => `group:${tenant}/${name}`);
  const others = Array.from(
    { length: Math.max(0, size - own.length) },
    (_, i) => `group:elsewhere/team-${String(i + 1).padStart(4, '0')}`,
  );
  return [...own, ...others].slice(0, size);
}

const permissions = createBackendModule({
  pluginId: 'permission',
  moduleId: 'benchmark-policy',
  register(reg) {
    reg.registerInit({
      deps: { point: policyExtensionPoint },
      async init({ point }) {
        point.setPolicy(policy);
      },
    });
  },
});

let connection;
const ingestion = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'benchmark-ingestion',
  register(reg) {
    reg.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        catalog.addEntityProvider({
          getProviderName: () => 'benchmark-ingestion',
          async connect(given) {
            connection = given;
          },
        });
      },
    });
  },
});

/** Ingests what a file holds, through the catalog's own processing. */
async function ingest(_services, input) {
  const entities = JSON.parse(readFileSync(input.get('file'), 'utf8'));
  await connection.applyMutation({
    type: 'full',
    entities: entities.map(entity => ({ entity, locationKey: 'ingested' })),
  });
  return { given: entities.length };
}

const backend = createBackend();
backend.add(import('@backstage/plugin-auth-backend'));
backend.add(signIn);
backend.add(import('@backstage/plugin-permission-backend'));
backend.add(permissions);
backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(ingestion);
backend.add(createProbes({ ingest }));
backend.start();
