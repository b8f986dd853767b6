import { randomUUID } from 'node:crypto';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { isError } from '@backstage/errors';
import { type JsonObject } from '@backstage/types';
import { type PorticoDatabase } from '@portico/database';
import { type AuditAct, type AuditOutcome } from '@portico/plugin-audit-common';
import {
  type AuditContext,
  type AuditRecord,
  payloadDigest,
  recordAudit,
} from '@portico/plugin-audit-node';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { gitHostAuditActs } from './auditActs';

/** An entry names this many refs of a push; a digest covers all of them. */
const MOST_REFS_TOLD = 50;
const MOST_REF_CHARACTERS = 250;

/** A ref that a push moves; ids of zeros for none. */
export interface RefMove {
  ref: string;
  before: string;
  after: string;
}

/** An act of which the beginning is recorded. */
export interface BegunAct {
  succeed(): Promise<void>;
  /** Ended without its effect, or with a part of it. */
  end(
    outcome: Exclude<AuditOutcome, 'started' | 'succeeded'>,
    reason: string,
    details?: JsonObject,
  ): Promise<void>;
}

interface RepositoryAct {
  act: AuditAct;
  address: RepositoryAddress;
  by: AuditContext;
  details?: JsonObject;
  payloadDigest?: string;
}

/**
 * Records what happens to repositories.
 *
 * They lie on a disk, so no transaction spans the entry and the change. The beginning is
 * recorded before anything changes and the end after it: what is killed in between stays
 * visible as started, and nothing changes without an entry. One entry after the change,
 * or in a transaction that is committed after it, could be missing.
 */
export class RepositoryAudit {
  readonly #database: PorticoDatabase;
  readonly #logger: LoggerService;

  constructor(options: { database: PorticoDatabase; logger: LoggerService }) {
    this.#database = options.database;
    this.#logger = options.logger;
  }

  /** Does something between the entries of its beginning and its end. */
  async around<T>(act: RepositoryAct, fn: () => Promise<T>): Promise<T> {
    const begun = await this.begin(act);
    let result: T;
    try {
      result = await fn();
    } catch (error) {
      await begun.end('failed', reasonOf(error));
      throw error;
    }
    await begun.succeed();
    return result;
  }

  /** @throws when the beginning cannot be recorded: the act must not happen then */
  async begin(act: RepositoryAct): Promise<BegunAct> {
    const correlation = randomUUID();
    await recordAudit(this.#database, {
      ...toRecord(act),
      correlation,
      outcome: 'started',
    });
    const end = async (more: Partial<AuditRecord>) => {
      try {
        const record = toRecord(act);
        await recordAudit(this.#database, {
          ...record,
          correlation,
          ...more,
          details: { ...record.details, ...more.details },
        });
      } catch (error) {
        // It has happened; that it began is recorded.
        this.#logger.error(
          `The end of ${act.act.name} (${correlation}) could not be recorded`,
          error as Error,
        );
      }
    };
    return {
      succeed: () => end({ outcome: 'succeeded' }),
      end: (outcome, reason, details) => end({ outcome, reason, details }),
    };
  }

  /** Records the beginning of a push. */
  beginPush(
    push: Pick<RepositoryAct, 'address' | 'by'> & { moves: RefMove[] },
  ): Promise<BegunAct> {
    const { address, by, moves } = push;
    return this.begin({
      act: gitHostAuditActs.push,
      address,
      by,
      details: { refs: tellRefs(moves), count: moves.length },
      payloadDigest: payloadDigest(moves.map(move => ({ ...move }))),
    });
  }

  /** Records a push that was refused before anything of it was read. */
  async refusePush(
    push: Pick<RepositoryAct, 'address' | 'by'> & { reason: string },
  ): Promise<void> {
    await recordAudit(this.#database, {
      ...toRecord({ ...push, act: gitHostAuditActs.push }),
      outcome: 'refused',
      reason: push.reason,
    });
  }
}

/** What an entry tells of moves. */
export function tellRefs(moves: RefMove[]): JsonObject[] {
  return moves.slice(0, MOST_REFS_TOLD).map(move => ({
    ...move,
    ref: move.ref.slice(0, MOST_REF_CHARACTERS),
  }));
}

/** The message of our own errors; those of git may show paths of the machine. */
export function reasonOf(error: unknown): string {
  return isError(error) && error.name !== 'GitCommandError'
    ? error.message
    : 'git could not do it';
}

function toRecord(act: RepositoryAct): AuditRecord {
  const { correlation, ...context } = act.by;
  return {
    chain: act.address.tenant,
    act: act.act,
    context,
    subject: {
      kind: 'repository',
      ref: `${act.address.tenant}/${act.address.repository}`,
    },
    payloadDigest: act.payloadDigest,
    details: {
      ...act.details,
      // such as the task of a template; the correlation joins beginning and end
      ...(correlation && { partOf: correlation }),
    },
  };
}
