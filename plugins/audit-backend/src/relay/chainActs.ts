import { randomUUID } from 'crypto';
import { InputError, isError } from '@backstage/errors';
import { auditSeverities, type Commitment } from '@portico/plugin-audit-common';
import {
  type ChainedEntry,
  chainEntry,
  type CommittedDraft,
  genesisHash,
  replacePersonal,
} from '@portico/plugin-audit-common/chain';
import { z } from 'zod';
import { filterText } from '../store/filterText';
import { type Commitments } from './Commitments';
import { entryWords } from './entryWords';
import { type ReadAct, unreadableAct } from './readAct';
import { type ChainHead, type EntryRow } from './RelayStore';

/** An entry, and why it stands for an act that could not be chained as it was. */
export interface ChainedAct {
  row: EntryRow;
  unreadable?: string;
}

/** Numbers and links acts in their order, each in its chain. */
export function chainActs(
  acts: readonly ReadAct[],
  options: {
    origin: string;
    heads: ReadonlyMap<string, ChainHead>;
    commitments: Commitments;
    /** Ids that stand in a chain already. */
    takenIds: ReadonlySet<string>;
  },
): ChainedAct[] {
  const { origin, commitments } = options;
  const heads = new Map(options.heads);
  const takenIds = new Set(options.takenIds);
  return acts.map(given => {
    let act = given;
    if (takenIds.has(act.id) || !z.uuid().safeParse(act.id).success) {
      act = {
        ...unreadableAct(act, 'Its id is none, or stands in a chain already'),
        id: randomUUID(),
      };
    }
    takenIds.add(act.id);
    const head = heads.get(act.chain);
    const place = {
      sequence: (head?.sequence ?? 0) + 1,
      previous: Buffer.from(head?.hash ?? genesisHash(origin, act.chain)),
    };
    let used = new Set<string>();
    let chained: ChainedEntry;
    try {
      chained = put(act, place, datum => {
        const commitment = commitments.of(act.chain, datum);
        used.add(commitment);
        return commitment;
      });
    } catch (error) {
      act = unreadableAct(
        act,
        isError(error) ? error.message : 'It has no canonical form',
      );
      used = new Set();
      chained = put(act, place, () => '');
    }
    heads.set(act.chain, { sequence: place.sequence, hash: chained.hash });
    return {
      row: toRow(act, chained, [...used]),
      unreadable: act.unreadable,
    };
  });
}

function put(
  act: ReadAct,
  place: { sequence: number; previous: Buffer },
  commitmentOf: (datum: ReadAct['data'][number]) => string,
): ChainedEntry {
  const chained = chainEntry({
    // The walk keeps the shape; its type is too deep for the compiler.
    draft: replacePersonal<unknown>(
      act.content,
      commitmentOf,
    ) as CommittedDraft,
    id: act.id,
    occurredAt: act.occurredAt,
    ...place,
  });
  // In canonical text this can only be a key. One more than there are personal data:
  // a datum that is malformed, or a commitment that nobody made.
  if (chained.text.split('"$personal":').length - 1 !== act.data.length) {
    throw new InputError('A personal datum is malformed');
  }
  return chained;
}

function toRow(
  act: ReadAct,
  { entry, text, hash }: ChainedEntry,
  commitments: string[],
): EntryRow {
  return {
    chain: act.chain,
    sequence: entry.sequence,
    id: entry.id,
    hash,
    entry: text,
    occurredAt: act.occurredAt,
    act: entry.act,
    severity: auditSeverities.indexOf(entry.severity),
    outcome: entry.outcome,
    actor: column(entry.actor.ref),
    onBehalfOf: column(entry.onBehalfOf),
    subjectKind: entry.subject.kind,
    subject: column(entry.subject.ref) ?? '',
    requestId: column(entry.requestId),
    correlation: column(entry.correlation),
    commitments,
    words: entryWords(entry),
  };
}

function column(value: string | Commitment | undefined): string | null {
  if (value === undefined) {
    return null;
  }
  return typeof value === 'string' ? filterText(value) : value.$personal;
}
