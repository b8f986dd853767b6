// Loaded before packages/backend/src/index.ts, which stays as shipped: adds the probes to
// whatever backend it makes.
const path = require('node:path');
const defaults = require('@backstage/backend-defaults');
const { createProbes } = require('./probes.cjs');

const { createBackend } = defaults;
defaults.createBackend = (...args) => {
  const backend = createBackend(...args);
  const walls = path.resolve(__dirname, '../../packages/walls/src');
  const { recordedResourcesServiceRef } = require(path.join(
    walls,
    'permissions/RecordedResources.ts',
  ));
  backend.add(
    createProbes({ parity }, { recorded: recordedResourcesServiceRef }),
  );
  return backend;
};

/**
 * Asks every registered permission in process and of the permission backend over HTTP:
 * on single resources as the browser does, and for conditions as a plugin does.
 */
async function parity(
  { auth, permissions, discovery, recorded, token },
  input,
) {
  const refs = input.getAll('ref');
  const credentials = await auth.authenticate(token);
  const all = recorded.permissions();
  const single = all.flatMap(permission =>
    permission.type === 'basic'
      ? [{ permission }]
      : refs.map(resourceRef => ({ permission, resourceRef })),
  );
  const conditional = all.map(permission => ({ permission }));
  const url = `${await discovery.getBaseUrl('permission')}/authorize`;
  const onBehalf = await auth.getPluginRequestToken({
    onBehalfOf: credentials,
    targetPluginId: 'permission',
  });
  const differences = [];
  let compared = 0;
  let failed = 0;
  const compare = async (queries, bearer, inProcess) => {
    for (const query of queries) {
      const ours = await settle(async () => (await inProcess([query]))[0]);
      const theirs = await settle(async () => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${bearer}`,
            'content-type': 'application/json',
          },
          body: JSON.stringify({ items: [{ id: '1', ...query }] }),
        });
        if (!response.ok) throw new Error(`HTTP ${response.status}`);
        const { id, ...answer } = (await response.json()).items[0];
        return answer;
      });
      compared += 1;
      if (ours === 'failed') failed += 1;
      if (ours !== theirs) {
        differences.push({
          permission: query.permission.name,
          ref: query.resourceRef,
          ours,
          theirs,
        });
      }
    }
  };
  await compare(single, token, items =>
    permissions.authorize(items, { credentials }),
  );
  await compare(conditional, onBehalf.token, items =>
    permissions.authorizeConditional(items, { credentials }),
  );
  return { permissions: all.length, compared, failed, differences };
}

/** One text for an answer; every kind of failure is the same text. */
async function settle(ask) {
  try {
    const answer = await ask();
    // A single resource is answered with yes or no; what the yes rests on may differ.
    return JSON.stringify(answer);
  } catch (error) {
    return 'failed';
  }
}
