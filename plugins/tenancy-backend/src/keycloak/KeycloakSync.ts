import { isError } from '@backstage/errors';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { type PorticoDatabase } from '@portico/database';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { type Knex } from 'knex';
import { type OwningDirectory } from '../directory/OwningDirectory';
import { removeGroup, writeGroup } from '../directory/writeGroup';
import {
  type DirectoryChange,
  removePerson,
  writePerson,
} from '../directory/writePerson';
import { type DirectoryStore } from '../service/DirectoryStore';
import { lockDirectory } from '../service/lockDirectory';
import { type KeycloakClient } from './KeycloakClient';
import { type DirectorySnapshot, planSync, type SyncPlan } from './planSync';
import { type KeycloakDirectory } from './readKeycloakDirectories';
import { readKnownDirectory } from './readKnownDirectory';

const REASON = 'Read from the directory (Keycloak)';

/** What is wrong with one person or group, and no fault of ours. */
const EXPECTED: ReadonlySet<string> = new Set([
  'ConflictError',
  'InputError',
  'NotFoundError',
]);

/** What one look at a realm came to. */
export interface SyncResult {
  outcome: 'read' | 'held' | 'unreadable';
  /** Changes that were made. */
  changes: number;
  reason?: string;
}

/**
 * Reads a realm and makes the tenant's people and groups what it says. Each change is a
 * transaction of its own with its entry in the audit: what is interrupted goes on with
 * the next look.
 */
export class KeycloakSync {
  readonly #database: PorticoDatabase;
  readonly #directories: DirectoryStore;
  readonly #logger: LoggerService;
  readonly #now: () => Date;

  constructor(options: {
    database: PorticoDatabase;
    directories: DirectoryStore;
    logger: LoggerService;
    now: () => Date;
  }) {
    this.#database = options.database;
    this.#directories = options.directories;
    this.#logger = options.logger;
    this.#now = options.now;
  }

  /** @throws ConflictError when the people of the tenant come from somewhere else */
  async sync(
    directory: KeycloakDirectory,
    client: Pick<KeycloakClient, 'read' | 'hasPerson'>,
    signal?: AbortSignal,
  ): Promise<SyncResult> {
    const { tenant, issuer } = directory;
    await this.#directories.connect({
      tenant,
      kind: 'keycloak',
      directory: { issuer },
      by: pluginAuditContext('tenancy'),
    });
    const result = await this.#run(directory, client, signal);
    await this.#directories.recordLook({ tenant, ...result });
    return result;
  }

  async #run(
    directory: KeycloakDirectory,
    client: Pick<KeycloakClient, 'read' | 'hasPerson'>,
    signal: AbortSignal | undefined,
  ): Promise<SyncResult> {
    const { tenant, issuer } = directory;
    let snapshot: DirectorySnapshot;
    let plan: SyncPlan;
    try {
      snapshot = await client.read(signal);
      const known = await readKnownDirectory(this.#database, tenant);
      plan = planSync(known, snapshot, directory);
      plan = { ...plan, removePeople: await reallyGone(plan, client, signal) };
    } catch (error) {
      if (isError(error) && error.name === 'ServiceUnavailableError') {
        return { outcome: 'unreadable', changes: 0, reason: error.message };
      }
      throw error;
    }
    const { done, problems } = await this.#apply(
      { tenant, kind: 'keycloak', issuer, subject: 'externalId' },
      plan,
      signal,
    );
    const reason = [plan.held, ...problems.slice(0, 5)]
      .filter(Boolean)
      .join('; ');
    return {
      outcome: plan.held === undefined ? 'read' : 'held',
      changes: done,
      ...(reason && { reason: reason.slice(0, 2_000) }),
    };
  }

  async #apply(
    owner: OwningDirectory,
    plan: SyncPlan,
    signal: AbortSignal | undefined,
  ): Promise<{ done: number; problems: string[] }> {
    const { tenant } = owner;
    const problems: string[] = [];
    let done = 0;
    // One that cannot be written does not hold back the others.
    const attempt = async (
      write: (
        transaction: Knex.Transaction,
        change: DirectoryChange,
      ) => Promise<unknown>,
    ) => {
      signal?.throwIfAborted();
      try {
        await this.#database.inTenant(tenant, async transaction => {
          await lockDirectory(transaction, tenant);
          await write(transaction, {
            directory: owner,
            by: pluginAuditContext('tenancy'),
            reason: REASON,
            now: this.#now(),
          });
        });
        done += 1;
      } catch (error) {
        if (!isError(error) || !EXPECTED.has(error.name)) {
          throw error;
        }
        this.#logger.warn(`The directory of ${tenant}: ${error.message}`);
        problems.push(error.message);
      }
    };
    // Who has to go goes first.
    for (const { id } of plan.removePeople) {
      await attempt((transaction, change) =>
        removePerson(transaction, { ...change, id }),
      );
    }
    const people = [...plan.writePeople].sort(
      (left, right) => Number(left.active) - Number(right.active),
    );
    for (const { id, ...person } of people) {
      await attempt((transaction, change) =>
        writePerson(transaction, { ...change, id, person }),
      );
    }
    for (const { id } of plan.removeGroups) {
      await attempt((transaction, change) =>
        removeGroup(transaction, { ...change, id }),
      );
    }
    await this.#writeGroups(tenant, plan, attempt);
    return { done, problems };
  }

  /**
   * Groups and who is in them first, then what lies below what: a group that moves has to
   * be let go before another one takes it.
   */
  async #writeGroups(
    tenant: string,
    plan: SyncPlan,
    attempt: (
      write: (
        transaction: Knex.Transaction,
        change: DirectoryChange,
      ) => Promise<unknown>,
    ) => Promise<void>,
  ): Promise<void> {
    for (const step of ['let go', 'take'] as const) {
      for (const group of plan.writeGroups) {
        const known = await readKnownDirectory(this.#database, tenant);
        const ids = {
          people: idsOf(known.people),
          groups: idsOf(known.groups),
        };
        const before = known.groups.find(
          one => one.externalId === group.externalId,
        );
        const below =
          step === 'take'
            ? group.groups
            : group.groups.filter(id => before?.groups.includes(id));
        if (step === 'take' && below.every(id => before?.groups.includes(id))) {
          continue;
        }
        await attempt((transaction, change) =>
          writeGroup(transaction, {
            ...change,
            id: before?.id,
            group: {
              displayName: group.displayName,
              externalId: group.externalId,
              people: translate(group.people, ids.people),
              groups: translate(below, ids.groups),
            },
          }),
        );
      }
    }
  }
}

async function reallyGone(
  plan: SyncPlan,
  client: Pick<KeycloakClient, 'hasPerson'>,
  signal: AbortSignal | undefined,
) {
  const gone = [];
  for (const person of plan.removePeople) {
    if (!(await client.hasPerson(person.externalId, signal))) {
      gone.push(person);
    }
  }
  return gone;
}

function idsOf(records: Array<{ id: string; externalId: string }>) {
  return new Map(records.map(({ id, externalId }) => [externalId, id]));
}

/** Ids of records for ids of the directory; who could not be written is left out. */
function translate(
  ids: readonly string[],
  records: ReadonlyMap<string, string>,
): string[] {
  return ids.flatMap(id => records.get(id) ?? []);
}
