import { z } from 'zod';
import { createOrganisation } from './createOrganisation';
import { createPromotion } from './createPromotion';
import { createThing, listTasks } from './createThing';
import { type DemoHistory, historyOf } from './historyOf';
import { inTurn } from './inTurn';
import {
  creatorOf,
  type DemoOrganisation,
  entityRefOf,
  organisations,
} from './organisations';
import { PortalClient } from './PortalClient';
import { stopLine } from './stopLine';
import { waitFor } from './waitFor';

const PLATFORM_ADMIN = 'user:default/pat';
const TEMPLATE_LIMIT_MILLISECONDS = 60_000;
/** The portal works on four tasks at once; a third in a tenant leaves room for people. */
const TASKS_AT_ONCE = 2;

/** What a run of the demo made, and what was there already. */
export interface DemoResult {
  /** Refs and tenant ids. */
  created: string[];
  existing: string[];
}

/** How far the demo of one organisation is. */
export interface DemoProgress {
  /** Id of the tenant. */
  tenant: string;
  /** Things that are there, of so many. */
  done: number;
  total: number;
}

/**
 * Makes the sample organisations through the portal's own HTTP API: tenants and
 * people as the platform's administrator, everything else by golden paths as the
 * developers of the owning teams, and a promotion that waits for people. What is there is skipped, so it can be run again at
 * any time, and a run that was cut off is gone on with.
 *
 * @param options.baseUrl - address of a running portal with personas, without a slash at the end
 * @param options.writeHistory - makes up the past of an organisation, told whether it had
 *   none; without it there is none, as no route of a portal can do it
 * @param options.onProgress - gets a line for people after each step
 * @param options.onCount - gets the figures behind it, first and last too
 * @throws Error naming what could not be made, and why, after all the rest was tried
 */
export async function runDemo(options: {
  baseUrl: string;
  writeHistory?: (history: DemoHistory) => Promise<boolean>;
  onProgress?: (text: string) => void;
  onCount?: (progress: DemoProgress) => void;
  signal?: AbortSignal;
}): Promise<DemoResult> {
  const { baseUrl, onProgress = () => {}, onCount = () => {} } = options;
  const signal = options.signal ?? new AbortController().signal;
  const as = (userRef: string) =>
    new PortalClient(userRef, { baseUrl, signal });
  const result: DemoResult = { created: [], existing: [] };
  const failures: string[] = [];

  const platform = as(PLATFORM_ADMIN);
  await Promise.all(
    organisations.map(async organisation => {
      const outcome = await createOrganisation(platform, organisation);
      result[outcome].push(organisation.id);
      if (outcome === 'created') {
        onProgress(
          `${organisation.title}: organisation, teams and people made.`,
        );
      }
    }),
  );

  const makeThings = async (organisation: DemoOrganisation) => {
    const { id: tenant, title, things } = organisation;
    const total = things.length + organisation.promotions.length;
    let done = 0;
    onCount({ tenant, done, total });
    const creators = new Map(
      await Promise.all(
        [
          ...new Set(things.map(({ owner }) => creatorOf(organisation, owner))),
        ].map(async name => {
          const client = as(`user:${tenant}/${name}`);
          const tasks = await listTasks(client);
          return [name, { client, tasks }] as const;
        }),
      ),
    );
    await inTurn(things, TASKS_AT_ONCE, async thing => {
      const creator = creators.get(creatorOf(organisation, thing.owner));
      if (!creator) {
        return;
      }
      try {
        const outcome = await createThing({
          ...creator,
          tenant,
          thing,
          signal,
        });
        done += 1;
        result[outcome].push(entityRefOf(tenant, thing));
        if (outcome === 'created') {
          onProgress(`${title}: ${thing.name} made (${done} of ${total}).`);
        }
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`${tenant}/${thing.name}: ${reason}`);
        onProgress(`${title}: ${thing.name} could not be made.`);
      }
      onCount({ tenant, done, total });
    });
    await inTurn(organisation.promotions, 1, async promotion => {
      const { component, environment } = promotion;
      const name = `${component} to ${environment}`;
      const inTenant = (person: string) => as(`user:${tenant}/${person}`);
      try {
        const outcome = await createPromotion({
          as: inTenant,
          tenant,
          promotion,
          signal,
        });
        const { stop } = organisation;
        if (outcome === 'created' && stop) {
          await stopLine(inTenant(stop.by), stop);
        }
        done += 1;
        result[outcome].push(`promotion:${tenant}/${component}`);
        if (outcome === 'created') {
          onProgress(`${title}: ${name} asked for (${done} of ${total}).`);
        }
      } catch (error) {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        failures.push(`${tenant}: ${name}: ${reason}`);
        onProgress(`${title}: ${name} could not be asked for.`);
      }
      onCount({ tenant, done, total });
    });
  };

  // First, so that there is something to look at while the rest is made.
  await inTurn(options.writeHistory ? organisations : [], 1, async one => {
    const { title } = one;
    try {
      if (await options.writeHistory?.(historyOf(one))) {
        onProgress(`${title}: sixty days of sample history written.`);
      }
    } catch (error) {
      signal.throwIfAborted();
      const reason = error instanceof Error ? error.message : String(error);
      failures.push(`${one.id}: sample history: ${reason}`);
      onProgress(`${title}: its sample history could not be written.`);
    }
  });
  await waitForTemplates(platform, signal);
  await Promise.all(organisations.map(makeThings));

  if (failures.length > 0) {
    const total = organisations.flatMap(({ things, promotions }) => [
      ...things,
      ...promotions,
    ]).length;
    throw new Error(
      `${
        failures.length
      } of ${total} things could not be made.\n${failures.join('\n')}\n`,
    );
  }
  return result;
}

/** The golden paths arrive in the catalog shortly after the portal answers. */
async function waitForTemplates(
  client: PortalClient,
  signal: AbortSignal,
): Promise<void> {
  const names = new Set(
    organisations.flatMap(({ things }) =>
      things.map(({ template }) => template),
    ),
  );
  for (const name of names) {
    await waitFor(
      () =>
        client.find(
          `/api/catalog/entities/by-name/template/default/${name}`,
          z.unknown(),
        ),
      {
        what: `The template template:default/${name}`,
        limitMilliseconds: TEMPLATE_LIMIT_MILLISECONDS,
        pollMilliseconds: 250,
        signal,
      },
    );
  }
}
