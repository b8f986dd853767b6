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
export class ActChainer {
  readonly #origin: string;
  readonly #commitments: Commitments;
  readonly #heads: Map<string, ChainHead>;
  readonly #takenIds: Set<string>;

  constructor(options: {
    origin: string;
    heads: ReadonlyMap<string, ChainHead>;
    commitments: Commitments;
    /** Ids that stand in a chain already. */
    takenIds: ReadonlySet<string>;
  }) {
    this.#origin = options.origin;
    this.#commitments = options.commitments;
    this.#heads = new Map(options.heads);
    this.#takenIds = new Set(options.takenIds);
  }

  chain(given: ReadAct): ChainedAct {
    const act = this.#withOwnId(given);
    const head = this.#heads.get(act.chain);
    const place = {
      sequence: (head?.sequence ?? 0) + 1,
      previous: head?.hash ?? genesisHash(this.#origin, act.chain),
    };
    const chained = this.#put(act, place);
    this.#heads.set(act.chain, {
      sequence: place.sequence,
      hash: chained.row.hash,
    });
    return chained;
  }

  #withOwnId(act: ReadAct): ReadAct {
    const { id } = act;
    if (this.#takenIds.has(id)) {
      return {
        ...unreadableAct(act, 'Its id stands in a chain already'),
        id: randomUUID(),
      };
    }
    this.#takenIds.add(id);
    return act;
  }

  #put(act: ReadAct, place: Place): ChainedAct {
    const used = new Set<string>();
    try {
      const chained = put(act, place, datum => {
        const commitment = this.#commitments.of(act.chain, datum);
        used.add(commitment);
        return commitment;
      });
      return {
        row: toRow(act, chained, [...used]),
        unreadable: act.unreadable,
      };
    } catch (error) {
      const unreadable = isError(error) ? error.message : 'No canonical form';
      const replaced = unreadableAct(act, unreadable);
      return {
        row: toRow(
          replaced,
          put(replaced, place, () => ''),
          [],
        ),
        unreadable,
      };
    }
  }
}

interface Place {
  sequence: number;
  previous: Buffer;
}

function put(
  act: ReadAct,
  place: Place,
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
