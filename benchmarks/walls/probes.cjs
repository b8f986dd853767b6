// What both backends carry besides their own parts: addresses below a catalog route that
// exists on both sides, which answer without asking the catalog. They show what a request
// costs before a plugin sees it, and how long decisions take in the process.
const { Server } = require('node:http');
const {
  coreServices,
  createBackendModule,
} = require('@backstage/backend-plugin-api');

const PROBE = /^\/entities\/by-name\/benchmark\/probe\/([a-z-]+)$/;
const arrival = Symbol('arrival');

/** Notes when a request arrives, before anything else sees it. */
const { emit } = Server.prototype;
Server.prototype.emit = function emitWithArrival(event, ...args) {
  if (event === 'request') args[0][arrival] = performance.now();
  return emit.call(this, event, ...args);
};

/**
 * @param {Record<string, (context: object, input: URLSearchParams) => Promise<unknown>>} more
 * @param {Record<string, unknown>} deps
 */
function createProbes(more = {}, deps = {}) {
  return createBackendModule({
    pluginId: 'catalog',
    moduleId: 'benchmark-probes',
    register(reg) {
      reg.registerInit({
        deps: {
          httpRouter: coreServices.httpRouter,
          auth: coreServices.auth,
          permissions: coreServices.permissions,
          discovery: coreServices.discovery,
          ...deps,
        },
        async init({ httpRouter, ...services }) {
          const probes = { decide, ...more };
          httpRouter.use((request, response, next) => {
            const name = PROBE.exec(request.path)?.[1];
            if (name === 'now') {
              response.json({ before: performance.now() - request[arrival] });
              return;
            }
            if (!name || !probes[name]) {
              next();
              return;
            }
            const token = request.headers.authorization.replace(/^Bearer /, '');
            const input = new URL(request.originalUrl, 'http://x').searchParams;
            probes[name]({ ...services, token }, input).then(
              answer => response.json(answer),
              next,
            );
          });
        },
      });
    },
  });
}

const entityRead = {
  type: 'resource',
  name: 'catalog.entity.read',
  attributes: { action: 'read' },
  resourceType: 'catalog-entity',
};
const entityCreate = {
  type: 'basic',
  name: 'catalog.entity.create',
  attributes: { action: 'create' },
};
const locationRead = {
  type: 'basic',
  name: 'catalog.location.read',
  attributes: { action: 'read' },
};

/**
 * Microseconds per decision through the permissions service, as a plugin asks it:
 * `fresh` right after the token was authenticated (as in a request), `old` for
 * credentials that were authenticated `age` milliseconds ago, `warm` for credentials
 * that were just decided on.
 */
async function decide({ auth, permissions, token }, input) {
  const n = Number(input.get('n'));
  const age = Number(input.get('age') ?? 0);
  const times = { fresh: [], warm: [], old: [] };
  const ask = async (credentials, permission) => {
    const start = process.hrtime.bigint();
    await permissions.authorizeConditional([{ permission }], { credentials });
    return Number(process.hrtime.bigint() - start) / 1000;
  };
  const permissionsAsked = [entityRead, entityCreate, locationRead];
  for (let i = 0; i < n; i++) {
    const permission = permissionsAsked[i % 3];
    const credentials = await auth.authenticate(token);
    times.fresh.push(await ask(credentials, permission));
    times.warm.push(await ask(credentials, permission));
  }
  if (age) {
    const kept = [];
    for (let i = 0; i < n; i++) kept.push(await auth.authenticate(token));
    await new Promise(resolve => setTimeout(resolve, age));
    for (const credentials of kept) {
      times.old.push(await ask(credentials, entityRead));
    }
  }
  return times;
}

module.exports = { createProbes };
