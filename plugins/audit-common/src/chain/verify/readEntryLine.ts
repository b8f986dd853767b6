import { z } from 'zod';
import { digestSchema } from '../../digest';
import { chainSchema, MAXIMUM_ENTRY_BYTES } from '../../entry';

/** What an entry says about its place. */
export interface EntryPlace {
  chain: string;
  sequence: number;
  /** Hash of the entry before, in text form. */
  previous: string;
}

const placeSchema = z.object({
  chain: chainSchema,
  sequence: z.number().int().positive().max(Number.MAX_SAFE_INTEGER),
  previous: digestSchema,
});

// Keys of canonical JSON are sorted, and values before `chain` and behind `previous` are
// texts or commitments. So these two patterns, bound to the ends of the line, find the
// members of the entry itself and none of the same name deeper in it.
const TEXT = '"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"';
const VALUE = `(?:${TEXT}|\\{"\\$personal":"[^"\\\\]*"\\})`;
const HEAD = new RegExp(
  `^\\{"act":"[^"\\\\]*","actor":\\{"kind":"[^"\\\\]*"(?:,"ref":${VALUE})?\\},"chain":"([a-z0-9-]{2,40})",`,
);
const TAIL = new RegExp(
  `,"previous":"(sha256:[0-9a-f]{64})",(?:"reason":${VALUE},)?(?:"requestId":${TEXT},)?"sequence":([1-9][0-9]{0,14}),"severity":"[^"\\\\]*",(?:"sourceAddress":${VALUE},)?"subject":\\{"kind":"[^"\\\\]*","ref":${VALUE}\\},"version":1\\}$`,
  'y',
);

/**
 * Reads the place of an entry from its line; undefined for what is no entry.
 *
 * The patterns do what parsing the whole line does, in a fourth of the time; whatever
 * they do not fit is parsed.
 */
export function readEntryLine(line: string): EntryPlace | undefined {
  const head = HEAD.exec(line);
  if (head) {
    // Whichever is the last: nothing behind the entry's own `previous` has one.
    TAIL.lastIndex = line.lastIndexOf(',"previous":"');
    const tail = TAIL.lastIndex > 0 && TAIL.exec(line);
    if (tail) {
      return { chain: head[1], sequence: Number(tail[2]), previous: tail[1] };
    }
  }
  return parseEntryLine(line);
}

function parseEntryLine(line: string): EntryPlace | undefined {
  if (line.length > MAXIMUM_ENTRY_BYTES) {
    return undefined;
  }
  try {
    return placeSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
