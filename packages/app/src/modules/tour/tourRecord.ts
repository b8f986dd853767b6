import { roleSchema } from '@portico/plugin-tenancy-common';
import { z } from 'zod';

const STORAGE_KEY = 'portico.tour';

/** The tour of one person in this browser, and how far they are. */
const tourRecordSchema = z.object({
  userRef: z.string(),
  tenant: z.string(),
  roles: z.array(roleSchema),
  isOpen: z.boolean(),
  done: z.array(z.string()),
});

export type TourRecord = z.infer<typeof tourRecordSchema>;

const listeners = new Set<() => void>();
let known: { text: string | null; record: TourRecord | undefined } = {
  text: null,
  record: undefined,
};

/** What this browser remembers; nothing when it is not readable as a tour. */
export function readTourRecord(): TourRecord | undefined {
  const text = window.localStorage.getItem(STORAGE_KEY);
  if (text !== known.text) {
    known = { text, record: text === null ? undefined : parse(text) };
  }
  return known.record;
}

function parse(text: string): TourRecord | undefined {
  try {
    return tourRecordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Opens the tour of a person; what they did before stays done. */
export function openTour(
  person: Pick<TourRecord, 'userRef' | 'tenant' | 'roles'>,
): void {
  const before = readTourRecord();
  write({
    ...person,
    isOpen: true,
    done: before?.userRef === person.userRef ? before.done : [],
  });
}

export function changeTour(change: Partial<TourRecord>): void {
  const record = readTourRecord();
  if (record) {
    write({ ...record, ...change });
  }
}

function write(record: TourRecord): void {
  window.localStorage.setItem(STORAGE_KEY, JSON.stringify(record));
  listeners.forEach(listener => listener());
}

export function subscribeToTour(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
