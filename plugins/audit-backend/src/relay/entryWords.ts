import { type AuditEntry } from '@portico/plugin-audit-common';
import { searchWords } from '../store/searchWords';

/** Far more than anybody searches for; keeps one entry from filling the index. */
const MAXIMUM_LENGTH = 16_000;

/** The words by which full text search finds an entry; personal data are not among them. */
export function entryWords(entry: AuditEntry): string {
  const texts: string[] = [entry.act, entry.subject.kind];
  collect(entry.actor.ref, texts);
  collect(entry.onBehalfOf, texts);
  collect(entry.subject.ref, texts);
  collect(entry.reason, texts);
  collect(entry.change, texts);
  collect(entry.details, texts);
  return searchWords(texts.join(' ').slice(0, MAXIMUM_LENGTH));
}

function collect(value: unknown, texts: string[]): void {
  if (typeof value === 'string' || typeof value === 'number') {
    texts.push(String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (key !== '$personal') {
        collect(member, texts);
      }
    }
  }
}
