import { type PortalAnswer, type PortalRequest } from '../http/PortalAnswer';
import { type Things } from '../world/Things';

/** What says nothing about the thing that was asked for, or only when it was asked. */
const passingHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'retry-after',
  'transfer-encoding',
  'vary',
  'x-request-id',
]);
/** Shorter values could be a part of an ordinary word. */
const SHORT = 8;

/** Things, or some of them. */
export type NamedThings = Partial<Things>;

/** All that a request says, legible and in small letters. */
export function wordsOf({ path, headers, body }: PortalRequest): string {
  const text = Buffer.isBuffer(body)
    ? body.toString('latin1')
    : JSON.stringify(body ?? '');
  return legible(
    [path, ...Object.values(headers ?? {}), text].join('\n'),
  ).toLowerCase();
}

/** The things that a request names: only those may come back under another name. */
export function namedIn(request: PortalRequest, things: Things): NamedThings {
  const words = wordsOf(request);
  return Object.fromEntries(
    Object.entries(things).filter(([, value]) =>
      words.includes(legible(value).toLowerCase()),
    ),
  );
}

/**
 * The answer without what differs from request to request, and with placeholders for the
 * things that were asked for: two answers that are the same now say the same.
 */
export function normaliseAnswer(
  answer: PortalAnswer,
  of: NamedThings,
  own: NamedThings,
): string {
  const headers = Object.entries(answer.headers)
    .filter(
      ([name]) => !passingHeaders.has(name) && !name.startsWith('ratelimit'),
    )
    .map(([name, value]) => `${name}: ${value}`)
    .sort();
  const text = [
    answer.trouble ?? answer.status,
    ...headers,
    '',
    answer.body,
  ].join('\n');
  return normaliseText(text, of, own);
}

/** Texts that are the same but for times, ids and the named things become the same. */
export function normaliseText(
  text: string,
  of: NamedThings,
  own: NamedThings,
): string {
  return replaceThings(replaceThings(legible(text), of, ''), own, 'own ')
    .replace(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi,
      '{id}',
    )
    .replace(
      /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?/g,
      '{time}',
    )
    .replace(/\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b/g, '{hash}')
    .replace(/localhost:\d+/g, '{portal}');
}

interface ThingPattern {
  pattern: RegExp;
  keys: ReadonlyMap<string, string>;
}

const patterns = new WeakMap<NamedThings, ThingPattern>();

/** Puts the names of the things in place of the things, in whichever letters they stand. */
function replaceThings(
  text: string,
  things: NamedThings,
  prefix: string,
): string {
  const known = patterns.get(things) ?? patternOf(things);
  patterns.set(things, known);
  return known.keys.size === 0
    ? text
    : text.replace(
        known.pattern,
        value => `{${prefix}${known.keys.get(value.toLowerCase()) ?? 'thing'}}`,
      );
}

function patternOf(things: NamedThings): ThingPattern {
  const values = Object.entries(things)
    .map(([key, value]) => [legible(value).toLowerCase(), key] as const)
    .filter(([value]) => value !== '')
    // Longest first: one name may be a part of another.
    .sort(([one], [other]) => other.length - one.length);
  const alternatives = values.map(([value]) => {
    const escaped = value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return value.length < SHORT
      ? `(?<![A-Za-z0-9-])${escaped}(?![A-Za-z0-9-])`
      : escaped;
  });
  return {
    pattern: new RegExp(alternatives.join('|'), 'gi'),
    keys: new Map([...values].reverse()),
  };
}

/** Takes away what hides words: percent signs, and JSON in Base64 as cursors have it. */
export function legible(text: string): string {
  return withoutPercents(text)
    .replace(/eyJ[\w-]+\.eyJ[\w-]+\.[\w-]+/g, '{token}')
    .replace(/eyJ[A-Za-z0-9+/_-]{10,}={0,2}/g, encoded =>
      withoutPercents(Buffer.from(encoded, 'base64').toString('utf8')),
    );
}

/** Once for what was encoded once, and once more for what was encoded twice. */
function withoutPercents(text: string): string {
  return text
    .replace(/%25([0-9a-f]{2})/gi, '%$1')
    .replace(/%([2-7][0-9a-f])/gi, (_, code: string) =>
      String.fromCharCode(parseInt(code, 16)),
    );
}
