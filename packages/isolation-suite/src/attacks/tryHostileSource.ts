import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Finding } from '../matrix/Finding';
import { type RunningPortal } from '../portal/RunningPortal';
import { pushFiles } from '../world/pushFiles';
import { type World, type WorldTenant } from '../world/World';
import { attackerAndVictim, clientOf } from './attackers';

const FILE = 'hostile/catalog-info.yaml';
const WAIT_LIMIT_MILLISECONDS = 60_000;
/** What was read is in the catalog by then, also what is not waited for. */
const SETTLING_MILLISECONDS = 1_500;
const anything = z.unknown();

/**
 * A tenant's own source says all that it can of another tenant: its namespace, its
 * entities, its files, its people. The honest entity beside them must arrive, and neither
 * side may see anything of the other.
 */
export async function tryHostileSource(options: {
  portal: RunningPortal;
  world: World;
  /** Different for each time, so that the source is read again. */
  nonce: string;
}): Promise<Finding[]> {
  const { portal, world, nonce } = options;
  const { attacker, victim } = attackerAndVictim(world);
  const developer = clientOf(portal, world, 'developer', attacker.id);
  const administrator = clientOf(portal, world, 'tenant-admin', attacker.id);
  const neighbour = clientOf(portal, world, 'developer', victim.id);
  // Of this run, so that another run in the same tenants can do the same.
  const { stem } = attacker.canaries;
  const honest = `honest-${stem}-${nonce}`;

  await pushFiles({
    portalUrl: portal.url,
    token: developer.token ?? '',
    tenant: attacker.id,
    repository: attacker.things.repository,
    branch: 'main',
    message: nonce,
    author: attacker.canaries.stem,
    files: { [FILE]: hostileFile(attacker, victim, honest, portal.url) },
  });
  const base = `/api/tenancy/tenants/${attacker.id}/sources/hostile-${stem}`;
  await administrator.put(base, {
    location: {
      kind: 'repository',
      repository: attacker.things.repository,
      path: FILE,
    },
  });
  await administrator.post(`${base}/read`, {}, anything);

  const findings: Finding[] = [];
  const report = (kind: Finding['kind'], detail: string) =>
    findings.push({
      kind,
      where: `a source of ${attacker.id} that names ${victim.id}`,
      detail,
    });
  const honestPath = `/api/catalog/entities/by-name/component/${attacker.id}/${honest}`;
  const deadline = Date.now() + WAIT_LIMIT_MILLISECONDS;
  let arrived = false;
  while (!arrived && Date.now() < deadline) {
    arrived = await developer.get(honestPath, anything).then(
      () => true,
      () => false,
    );
    await delay(100);
  }
  if (!arrived) {
    report('own thing lost', `the honest entity ${honest} did not arrive`);
  }
  await delay(SETTLING_MILLISECONDS);

  const list = '/api/catalog/entities?limit=500';
  const seenByVictim = JSON.stringify(await neighbour.get(list, anything));
  const seenByAttacker = JSON.stringify(await developer.get(list, anything));
  if (seenByVictim.includes(attacker.canaries.stem)) {
    report('foreign words', `${victim.id} sees a word of ${attacker.id}`);
  }
  if (seenByVictim.includes('planted') || seenByVictim.includes(honest)) {
    report('foreign write', `an entity landed where ${victim.id} sees it`);
  }
  const secrets = seenByAttacker.match(
    new RegExp(`${victim.canaries.stem}\\d+`, 'g'),
  );
  if (secrets) {
    report(
      'foreign words',
      `${attacker.id} reads ${secrets
        .slice(0, 3)
        .join()} (${victim.canaries.placeOf(secrets[0])})`,
    );
  }
  // Its refusals name the victim: another run in these tenants would take that for a leak.
  await administrator.remove(base);
  return findings;
}

function hostileFile(
  attacker: WorldTenant,
  victim: WorldTenant,
  honest: string,
  portalUrl: string,
): string {
  const { things } = victim;
  const stem = attacker.canaries.stem;
  const tree = `${portalUrl}/api/git-host/${things.tenant}/${things.repository}/src/branch/main`;
  const component = (name: string, metadata: object, spec: object): object => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, ...metadata },
    spec: {
      type: 'service',
      lifecycle: 'experimental',
      owner: `group:${attacker.id}/${attacker.things.group}`,
      ...spec,
    },
  });
  const planted = (name: string) => `planted-${name}-${stem}`;
  const title = { title: `planted ${stem}` };
  const documents = [
    component(honest, {}, {}),
    component(planted('namespace'), { namespace: things.tenant, ...title }, {}),
    component(
      planted('default'),
      { namespace: 'default', ...title },
      { owner: 'group:default/platform' },
    ),
    component(planted('owner'), title, {
      owner: `group:${things.tenant}/${things.group}`,
    }),
    component(planted('relation'), title, {
      dependsOn: [
        `component:${things.tenant}/${things.component}`,
        `resource:${things.tenant.toUpperCase()}/${things.resource}`,
      ],
      subcomponentOf: `component:${things.tenant}/${things.component}`,
    }),
    component(
      planted('origin'),
      {
        ...title,
        namespace: things.tenant,
        annotations: {
          'backstage.io/managed-by-location': `url:${tree}/catalog-info.yaml`,
          'backstage.io/managed-by-origin-location': `portico:${things.tenant}/${things.source}`,
        },
      },
      {},
    ),
    component(
      planted('docs'),
      {
        ...title,
        annotations: { 'backstage.io/techdocs-ref': `url:${tree}/` },
      },
      {},
    ),
    component(
      planted('docs-relative'),
      {
        ...title,
        annotations: {
          'backstage.io/techdocs-ref': `dir:../../../../${things.tenant}/${things.repository}`,
        },
      },
      {},
    ),
    ...[
      `${tree}/canary/notes.txt`,
      `../../../../../${things.tenant}/${things.repository}/src/branch/main/canary/notes.txt`,
      `..%2f..%2f..%2f..%2f${things.tenant}%2f${things.repository}%2fcanary%2fnotes.txt`,
    ].map((target, index) => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'API',
      metadata: { name: `planted-api-${index}` },
      spec: {
        type: 'openapi',
        lifecycle: 'experimental',
        owner: `group:${attacker.id}/${attacker.things.group}`,
        definition: { $text: target },
      },
    })),
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Location',
      metadata: { name: 'planted-location' },
      spec: {
        targets: [
          `${tree}/canary/catalog-info.yaml`,
          `../../../../../${things.tenant}/${things.repository}/src/branch/main/canary/catalog-info.yaml`,
        ],
      },
    },
    {
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'User',
      metadata: { name: planted('user'), namespace: things.tenant },
      spec: { memberOf: [things.group] },
    },
  ];
  return documents.map(document => JSON.stringify(document)).join('\n---\n');
}
