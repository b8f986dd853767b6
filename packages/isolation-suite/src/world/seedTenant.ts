import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Canaries } from './Canaries';
import { catalogFile } from './catalogDocuments';
import { namespaceOf } from '../portal/StandInCluster';
import { runIdOf } from '../portal/StandInRuntime';
import { type PortalClient } from './PortalClient';
import { pushFiles } from './pushFiles';
import { ghost, type Things } from './Things';

const idSchema = z.object({ id: z.string() });
const taskSchema = z.object({ status: z.string() });
const entitySchema = z.object({ metadata: z.object({ uid: z.string() }) });
const createdTokenSchema = z.object({
  token: z.string(),
  machineToken: z.object({ id: z.string() }),
});
const sourceSchema = z.object({
  webhook: z.object({ secret: z.string() }).optional(),
});
const notificationsSchema = z.object({
  notifications: z.array(z.object({ id: z.string() })),
});
const deviceSchema = z.object({ userCode: z.string(), deviceCode: z.string() });
const pageSchema = z.object({
  pageInfo: z.object({ nextCursor: z.string() }),
});
const searchSchema = z.object({ results: z.array(z.unknown()) });
const SERVICE_TEMPLATE = 'template:default/typescript-service';

/** The people who make a tenant's things. */
export interface TenantHands {
  developer: PortalClient;
  administrator: PortalClient;
}

/** What seeding a tenant gives. */
export interface SeededTenant {
  things: Things;
  secrets: string[];
  machineToken: string;
}

/**
 * Makes one thing of every kind in a tenant, through the portal's API, with Git, and by
 * running templates, as the tenant's own people do it.
 */
export async function seedTenant(options: {
  tenant: string;
  /** Name of the developer. */
  member: string;
  canaries: Canaries;
  hands: TenantHands;
  docsDirectory?: string;
  /** The tenant whose namespace in the cluster one of the entities claims. */
  claims: string;
  /** Whether the portal lets templates send notifications; yes unless told. */
  sendsNotification?: boolean;
}): Promise<SeededTenant> {
  const { tenant, member, canaries, hands, sendsNotification = true } = options;
  const { developer, administrator } = hands;
  const { stem } = canaries;
  const base = `/api/tenancy/tenants/${tenant}`;
  const things: Things = {
    ...ghost,
    tenant,
    member,
    component: `cmp-${stem}`,
    api: `api-${stem}`,
    resource: `res-${stem}`,
    system: `sys-${stem}`,
    domain: `dom-${stem}`,
    template: `tpl-${stem}`,
    title: canaries.in('title word'),
    tag: canaries.in('tag'),
    label: canaries.in('label value'),
    annotation: canaries.in('annotation value'),
    lifecycle: canaries.in('lifecycle'),
    type: canaries.in('type'),
    group: `team-${stem}`,
    subgroup: `subteam-${stem}`,
    person: `person-${stem}`,
    machine: `bot-${stem}`,
    source: `src-${stem}`,
    repository: `repo-${stem}`,
    branch: `branch-${stem}`,
    file: `secret-${stem}.txt`,
    bucket: `bucket-${stem}`,
    settingKey: `key-${stem}`,
    namespace: namespaceOf(tenant),
    run: runIdOf(tenant),
    thief: `thief-${stem}`,
  };
  const secrets: string[] = [];

  await administrator.put(`${base}/groups/${things.group}`, {
    displayName: canaries.in('group display name'),
  });
  await administrator.put(`${base}/groups/${things.subgroup}`, {
    displayName: canaries.in('subgroup display name'),
    type: canaries.in('group type'),
    parent: things.group,
  });
  await administrator.put(`${base}/members/${things.person}`, {
    displayName: canaries.in('person display name'),
    email: `${canaries.in('person email')}@canary.example`,
    roles: ['viewer'],
    groups: [things.subgroup],
  });

  const byName = (kind: string, name: string) =>
    `/api/catalog/entities/by-name/${kind}/${tenant}/${name}`;
  // A task keeps the entity of whoever started it, where there is one.
  await developer.until(
    `user:${tenant}/${member}`,
    byName('user', member),
    entitySchema,
  );
  await runTemplate(developer, SERVICE_TEMPLATE, {
    name: things.repository,
    description: `Serves ${canaries.in('repository description')}`,
    owner: `group:${tenant}/${things.group}`,
    size: 'S',
    exposure: 'internal',
    example: 'orders',
  });
  const push = (branch: string, files: Record<string, string>) =>
    pushFiles({
      portalUrl: developer.url,
      token: developer.token ?? '',
      tenant,
      repository: things.repository,
      branch,
      message: `Say ${canaries.in('commit message')}`,
      author: canaries.in('commit author'),
      files,
    });
  await push('main', {
    'canary/catalog-info.yaml': catalogFile(things, things, canaries, {
      sendsNotification,
      claimed: namespaceOf(options.claims),
    }),
    'canary/notes.txt': canaries.in('file content'),
  });
  things.commit = await push(things.branch, {
    [things.file]: canaries.in('file of a branch'),
  });
  const source = await administrator.call(
    'PUT',
    `${base}/sources/${things.source}`,
    sourceSchema,
    {
      body: {
        location: {
          kind: 'repository',
          repository: things.repository,
          path: 'canary/catalog-info.yaml',
        },
      },
    },
  );
  secrets.push(source.webhook?.secret ?? '');

  const component = await developer.until(
    `component:${tenant}/${things.component}`,
    byName('component', things.component),
    entitySchema,
  );
  things.uid = component.metadata.uid;
  await developer.until(
    `template:${tenant}/${things.template}`,
    byName('template', things.template),
    entitySchema,
  );
  things.task = await runTemplate(
    developer,
    `template:${tenant}/${things.template}`,
    { note: canaries.in('task parameter') },
  );
  if (sendsNotification) {
    const { notifications } = await developer.until(
      `The notification of ${tenant}`,
      '/api/notifications/notifications',
      notificationsSchema,
      list => list.notifications.length > 0,
    );
    things.notification = notifications[0].id;
  }

  const machine = await administrator.post(
    `${base}/tokens`,
    {
      name: stem,
      scopes: [
        'catalog:read',
        'git:read',
        'git:write',
        'releases:write',
        'scaffolder:run',
      ],
    },
    createdTokenSchema,
  );
  const revoked = await administrator.post(
    `${base}/tokens`,
    { name: `gone-${stem}`, scopes: ['catalog:read'] },
    createdTokenSchema,
  );
  await administrator.remove(`${base}/tokens/${revoked.machineToken.id}`);
  things.machineTokenId = machine.machineToken.id;
  things.revokedToken = revoked.token;
  secrets.push(machine.token);

  for (const hand of [developer, administrator]) {
    await hand.put(
      `/api/user-settings/buckets/${things.bucket}/keys/${things.settingKey}`,
      { value: canaries.in('setting') },
    );
  }
  const device = await developer.post(
    '/api/tenancy/device/start',
    { client: canaries.in('device') },
    deviceSchema,
  );
  await developer.post(
    '/api/tenancy/device/approve',
    { userCode: device.userCode },
    z.unknown(),
  );
  things.userCode = device.userCode;
  secrets.push(device.deviceCode);

  await seedDelivery(things, canaries, hands);
  if (options.docsDirectory) {
    await publishDocs(options.docsDirectory, things, canaries);
  }
  const page = await developer.get(
    '/api/catalog/entities/by-query?limit=2&orderField=metadata.name,asc',
    pageSchema,
  );
  things.catalogCursor = page.pageInfo.nextCursor;
  await developer.until(
    `${tenant} in the search`,
    `/api/search/query?term=${things.title}`,
    searchSchema,
    ({ results }) => results.length > 0,
  );
  return { things, secrets, machineToken: machine.token };
}

/** A release, a promotion of it, and a stop of the line, each with words of its own. */
async function seedDelivery(
  things: Things,
  canaries: Canaries,
  { developer, administrator }: TenantHands,
): Promise<void> {
  const component = `component:${things.tenant}/${things.component}`;
  const release = await developer.post(
    '/api/promotions/releases',
    {
      content: {
        component,
        version: canaries.in('version of a release'),
        images: [
          {
            name: `registry.example/${canaries.in('name of an image')}`,
            digest: digestOf(canaries.in('digest of an image')),
          },
        ],
      },
      origin: `https://ci.example/${canaries.in('origin of a release')}`,
    },
    idSchema,
  );
  const promotion = await developer.post(
    '/api/promotions/promotions',
    {
      component,
      environment: 'prod',
      release: release.id,
      comment: canaries.in('comment of a promotion'),
    },
    idSchema,
  );
  const stop = await administrator.post(
    '/api/promotions/stops',
    { environment: 'prod', reason: canaries.in('reason of a stop') },
    idSchema,
  );
  await administrator.post(
    '/api/promotions/holds',
    { component, environment: 'dev', reason: canaries.in('reason of a hold') },
    z.unknown(),
  );
  things.release = release.id;
  things.promotion = promotion.id;
  things.stop = stop.id;
  things.promotionCursor = Buffer.from(JSON.stringify([promotion.id])).toString(
    'base64url',
  );
}

function digestOf(word: string): string {
  return `sha256:${createHash('sha256').update(word).digest('hex')}`;
}

/** Runs a template to its end; the id of the task. */
async function runTemplate(
  client: PortalClient,
  templateRef: string,
  values: Record<string, string>,
): Promise<string> {
  const { id } = await client.post(
    '/api/scaffolder/v2/tasks',
    { templateRef, values },
    idSchema,
  );
  const { status } = await client.until(
    `The end of a task of ${templateRef}`,
    `/api/scaffolder/v2/tasks/${id}`,
    taskSchema,
    task => task.status !== 'open' && task.status !== 'processing',
  );
  if (status !== 'completed') {
    const log = await client.get(
      `/api/scaffolder/v2/tasks/${id}/events`,
      z.unknown(),
    );
    throw new Error(
      `A task of ${templateRef} ended as "${status}": ${JSON.stringify(
        log,
      ).slice(-2000)}`,
    );
  }
  return id;
}

/** Lays documents where a build outside of the portal publishes them. */
async function publishDocs(
  docsDirectory: string,
  things: Things,
  canaries: Canaries,
): Promise<void> {
  const folder = join(
    docsDirectory,
    things.tenant,
    'component',
    things.component,
  );
  const word = canaries.in('documentation');
  const files = {
    'index.html': `<html><body><p>${word}</p></body></html>`,
    'techdocs_metadata.json': JSON.stringify({
      site_name: canaries.in('documentation title'),
      site_description: word,
      etag: 'one',
      build_timestamp: 1_700_000_000_000,
      files: ['index.html'],
    }),
    'search/search_index.json': JSON.stringify({
      config: {},
      docs: [
        { location: '', title: word, text: canaries.in('documentation text') },
      ],
    }),
  };
  await mkdir(join(folder, 'search'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), content);
  }
}
