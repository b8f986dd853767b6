import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Finding } from '../matrix/Finding';
import { firstDifference } from '../matrix/firstDifference';
import { normaliseText } from '../matrix/normalise';
import { type RunningPortal } from '../portal/RunningPortal';
import { ghost, type Things } from '../world/Things';
import { pushFiles } from '../world/pushFiles';
import { type PortalClient } from '../world/PortalClient';
import { type World, type WorldTenant } from '../world/World';
import { attackerAndVictim, clientOf } from './attackers';

const FILE = 'reaching/catalog-info.yaml';
/** Of this run, so that another run in the same tenants can do the same. */
const nameOf = ({ canaries }: WorldTenant) => `reaching-${canaries.stem}`;
const TASK_LIMIT_MILLISECONDS = 240_000;

const anything = z.unknown();
const taskSchema = z.object({ id: z.string() });
const statusSchema = z.object({ status: z.string() });

/** What the template is told to read and to enter. */
const reaches: Record<
  string,
  (of: Things, portalUrl: string) => { url: string; repository: string }
> = {
  'in full': (of, portalUrl) => ({
    url: `${portalUrl}/api/git-host/${of.tenant}/${of.repository}/src/branch/main/canary/`,
    repository: of.repository,
  }),
  'relative to the template': of => ({
    url: `../../../../../${of.tenant}/${of.repository}/src/branch/main/canary`,
    repository: `../${of.tenant}/${of.repository}`,
  }),
  'by the read API': (of, portalUrl) => ({
    url: `${portalUrl}/api/git-host/api/v1/repos/${of.tenant}/${of.repository}/contents/canary/notes.txt`,
    repository: `${of.tenant}/${of.repository}`,
  }),
};

/**
 * A tenant's own template is told, when it runs, to read another tenant's repository and
 * to enter it in the catalog. What its log says must be what it says of a repository that
 * does not exist.
 */
export async function tryReachingTemplate(options: {
  portal: RunningPortal;
  world: World;
}): Promise<Finding[]> {
  const { portal, world } = options;
  const { attacker, victim } = attackerAndVictim(world);
  const developer = clientOf(portal, world, 'developer', attacker.id);
  await enterTemplate(portal, world, attacker, developer);

  const findings: Finding[] = [];
  for (const [name, input] of Object.entries(reaches)) {
    const ask = async (of: Things) =>
      runToEnd(developer, attacker, input(of, portal.url));
    const there = await ask(victim.things);
    const nowhere = await ask(ghost);
    const where = `a template of ${attacker.id} that reads ${victim.id}: ${name}`;
    const words = there.match(new RegExp(`${victim.canaries.stem}\\d+`));
    if (words) {
      findings.push({
        kind: 'foreign words',
        where,
        detail: `${words[0]} (${victim.canaries.placeOf(words[0])})`,
      });
    }
    const [normal, reference] = [
      normaliseText(there, victim.things, attacker.things),
      normaliseText(nowhere, ghost, attacker.things),
    ];
    if (normal !== reference) {
      findings.push({
        kind: 'differs',
        where,
        detail: firstDifference(normal, reference),
      });
    }
  }
  return findings;
}

async function enterTemplate(
  portal: RunningPortal,
  world: World,
  attacker: WorldTenant,
  developer: PortalClient,
): Promise<void> {
  const { things } = attacker;
  await pushFiles({
    portalUrl: portal.url,
    token: developer.token ?? '',
    tenant: attacker.id,
    repository: things.repository,
    branch: 'main',
    message: `Reach out ${Date.now()}`,
    author: attacker.canaries.stem,
    files: {
      [FILE]: JSON.stringify(templateOf(attacker)),
      'reaching/seen.txt': String(Date.now()),
    },
  });
  await clientOf(portal, world, 'tenant-admin', attacker.id).put(
    `/api/tenancy/tenants/${attacker.id}/sources/${nameOf(attacker)}`,
    {
      location: {
        kind: 'repository',
        repository: things.repository,
        path: FILE,
      },
    },
  );
  await developer.until(
    `template:${attacker.id}/${nameOf(attacker)}`,
    `/api/catalog/entities/by-name/template/${attacker.id}/${nameOf(attacker)}`,
    anything,
  );
}

function templateOf(attacker: WorldTenant): object {
  const { id, things } = attacker;
  return {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: nameOf(attacker) },
    spec: {
      owner: `group:${id}/${things.group}`,
      type: 'service',
      parameters: [{ properties: {} }],
      steps: [
        {
          id: 'fetch',
          name: 'Fetch',
          action: 'portico:fetch:template',
          input: { url: '${{ parameters.url }}' },
        },
        {
          id: 'show',
          name: 'Show',
          action: 'debug:log',
          if: '${{ always() }}',
          input: { listWorkspace: 'with-contents' },
        },
        {
          id: 'register',
          name: 'Register',
          action: 'portico:catalog:register',
          if: '${{ always() }}',
          input: { repository: '${{ parameters.repository }}' },
        },
      ],
    },
  };
}

/** Runs the template, and gives all that its starter can read of the run. */
async function runToEnd(
  developer: PortalClient,
  attacker: WorldTenant,
  values: Record<string, string>,
): Promise<string> {
  const { id } = await developer.post(
    '/api/scaffolder/v2/tasks',
    { templateRef: `template:${attacker.id}/${nameOf(attacker)}`, values },
    taskSchema,
  );
  const task = `/api/scaffolder/v2/tasks/${id}`;
  const deadline = Date.now() + TASK_LIMIT_MILLISECONDS;
  let status = 'open';
  while (['open', 'processing'].includes(status) && Date.now() < deadline) {
    ({ status } = await developer.get(task, statusSchema));
    await delay(100);
  }
  if (status === 'open' || status === 'processing') {
    throw new Error(`The task ${id} did not end in time: it is ${status}`);
  }
  const events = await developer.get(
    `${task}/events`,
    z.array(z.object({ body: z.object({ message: z.string().optional() }) })),
  );
  // What two steps of the log write at once comes in either order.
  return [status, ...events.map(({ body }) => body.message ?? '').sort()]
    .join('\n')
    .replace(/\d+ms|\d+ milliseconds|\d+\.\d+ seconds/g, '{duration}');
}
