import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type JsonObject, type JsonValue } from '@backstage/types';
import {
  type Document,
  isAlias,
  isMap,
  isSeq,
  LineCounter,
  parseDocument as parseYaml,
  type ParsedNode,
} from 'yaml';
import { DocumentLines, refuseDuplicateKeys } from './documentLines';
import { readingLimits } from './limits';
import { type DocumentPath, RefusedDocument } from './RefusedDocument';

/** What is said of an entity above the size limit. */
export const entitySizeReason = `is larger than ${
  readingLimits.entityBytes / 1024
} KiB; expected a smaller entity`;

/** More levels than any document may have, opened in a row. */
const OPENING_BRACKETS = new RegExp(
  `(?:[[{]\\s*){${readingLimits.depth + 10}}`,
);

const depthReason = `is nested deeper than ${readingLimits.depth} levels; expected less`;

/** What a parser makes a part of; a text of many takes it seconds. */
const STRUCTURE = /[\n,[\]{}"']|[-?:]\s/g;

/** So long a file is parsed at a stretch, before others in this process have their turn. */
const STRETCH_MILLISECONDS = 10;

/** One document of a file as plain JSON, and how to find its lines. */
export interface ParsedDocument {
  value: JsonObject;
  lines: DocumentLines;
}

/** A document that could not be read. */
export interface BrokenDocument {
  line: number;
  reason: string;
}

/**
 * Parses a YAML stream. Each broken document is reported with its line and does
 * not hold back its neighbours; documents without content are left out.
 */
export async function parseDocuments(text: string): Promise<{
  documents: ParsedDocument[];
  broken: BrokenDocument[];
}> {
  const documents: ParsedDocument[] = [];
  const broken: BrokenDocument[] = [];
  if (countSeparators(text) > readingLimits.documents) {
    return {
      documents,
      broken: [
        {
          line: 1,
          reason: `the file has more than ${readingLimits.documents} documents; expected fewer in one file`,
        },
      ],
    };
  }

  let begun = performance.now();
  for (const part of splitDocuments(text)) {
    if (performance.now() - begun > STRETCH_MILLISECONDS) {
      await yieldToOthers();
      begun = performance.now();
    }
    try {
      const { value, lines } = parseDocument(part);
      if (isJsonObject(value)) {
        documents.push({ value, lines });
      } else if (value !== null) {
        throw new RefusedDocument(
          [],
          'the document is no map; expected apiVersion, kind, metadata and spec',
          lines.first,
        );
      }
    } catch (error) {
      if (!(error instanceof RefusedDocument)) {
        throw error;
      }
      broken.push({
        line: error.line ?? part.firstLine,
        reason: error.message,
      });
    }
  }
  return { documents, broken };
}

/**
 * Parses a file that is one YAML document, as `$yaml` embeds it.
 *
 * @throws RefusedDocument without a path when it is none
 */
export function parseSingleDocument(text: string): JsonValue {
  const parts = splitDocuments(text);
  if (parts.length !== 1) {
    throw new RefusedDocument(
      [],
      `has ${parts.length} YAML documents; expected one`,
    );
  }
  return parseDocument(parts[0]).value;
}

/** One document's text and where it begins in its file. */
interface DocumentText {
  text: string;
  firstLine: number;
}

/**
 * Cuts a stream at its document markers, which YAML forbids inside of a document.
 * So an open quote or bracket ends with its own document.
 */
function splitDocuments(text: string): DocumentText[] {
  const parts: Array<{ firstLine: number; lines: string[] }> = [
    { firstLine: 1, lines: [] },
  ];
  text.split('\n').forEach((line, index) => {
    const [marker] = /^(?:---|\.\.\.)(?=\s|$)/.exec(line) ?? [];
    if (marker === '---') {
      parts.push({ firstLine: index + 1, lines: [line] });
    } else if (marker === '...') {
      parts.push({ firstLine: index + 2, lines: [] });
    } else {
      parts[parts.length - 1].lines.push(line);
    }
  });
  return parts
    .map(({ firstLine, lines }) => ({ firstLine, text: lines.join('\n') }))
    .filter(part => /^(?!---\s*$)\s*[^\s#]/m.test(part.text));
}

/** @throws RefusedDocument with a line when the text is no sound document */
function parseDocument(part: DocumentText): {
  value: JsonValue;
  lines: DocumentLines;
} {
  if (/^%/m.test(part.text) && !/^---/.test(part.text)) {
    // A version directive would bring the merge keys of YAML 1.1, which multiply
    // without counting as aliases.
    throw new RefusedDocument(
      [],
      'has a YAML directive; expected a document without',
      part.firstLine,
    );
  }
  const nested = part.text.search(OPENING_BRACKETS);
  if (nested !== -1) {
    // Known without parsing, which takes seconds for a long run of them.
    const linesBefore = part.text.slice(0, nested).split('\n').length - 1;
    throw new RefusedDocument([], depthReason, part.firstLine + linesBefore);
  }
  if ((part.text.match(STRUCTURE)?.length ?? 0) > readingLimits.parts) {
    throw new RefusedDocument(
      [],
      `has more than ${readingLimits.parts} lines, keys and values; expected less in one document`,
      part.firstLine,
    );
  }
  const lineCounter = new LineCounter();
  const document = parseCheaply(part, lineCounter);
  const lines = new DocumentLines(document, lineCounter, part.firstLine - 1);
  try {
    return { value: toValue(document, lines, part.text), lines };
  } catch (error) {
    if (error instanceof RefusedDocument) {
      throw new RefusedDocument(
        error.path,
        error.message,
        error.line ?? lines.of(error.path),
      );
    }
    throw new RefusedDocument(
      [],
      `the document cannot be read: ${String(
        error instanceof Error ? error.message : error,
      ).slice(0, 200)}`,
      lines.first,
    );
  }
}

function parseCheaply(
  part: DocumentText,
  lineCounter: LineCounter,
): Document.Parsed<ParsedNode> {
  // A broken text can have an error per character; their stack traces would take
  // most of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return parseYaml(part.text, {
      lineCounter,
      strict: true,
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: 'silent',
    });
  } catch {
    // The parser descends into nested collections by recursion.
    throw new RefusedDocument(
      [],
      'is nested too deeply to be parsed',
      part.firstLine,
    );
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function toValue(
  document: Document.Parsed<ParsedNode>,
  lines: DocumentLines,
  text: string,
): JsonValue {
  const [error] = document.errors;
  if (error) {
    throw new RefusedDocument(
      [],
      `not valid YAML: ${error.message.slice(0, 200)}`,
      // What is missing at the end is missing on the last line with text.
      lines.lineOfOffset(Math.min(error.pos[0], text.trimEnd().length)),
    );
  }
  refuseDeepNesting(document.contents, 0, []);
  refuseDuplicateKeys(document, lines);
  const value: unknown = document.toJS({
    maxAliasCount: readingLimits.aliases,
  });
  // As JSON carries it: no NaN, dates, or shared parts.
  const json = JSON.stringify(value ?? null);
  if (json.length > readingLimits.entityBytes) {
    throw new RefusedDocument([], entitySizeReason);
  }
  const plain: JsonValue = JSON.parse(json);
  refuseDeepValue(plain, 0, []);
  return plain;
}

function refuseDeepNesting(
  node: unknown,
  depth: number,
  path: DocumentPath,
): void {
  if (depth > readingLimits.depth) {
    throw new RefusedDocument(path.slice(0, 5), depthReason);
  }
  if (isMap(node)) {
    for (const pair of node.items) {
      refuseDeepNesting(pair.value, depth + 1, [...path, String(pair.key)]);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) =>
      refuseDeepNesting(item, depth + 1, [...path, index]),
    );
  } else if (isAlias(node)) {
    // Followed when the document becomes a value, and measured there.
  }
}

/** Refuses a value that is nested too deeply, or has a key that stands for more. */
export function refuseDeepValue(
  value: JsonValue | undefined,
  depth: number,
  path: DocumentPath,
): void {
  if (depth > readingLimits.depth) {
    throw new RefusedDocument(path.slice(0, 5), depthReason);
  }
  if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') {
        throw new RefusedDocument(path, 'has the key "__proto__"');
      }
      refuseDeepValue(item, depth + 1, [...path, key]);
    }
  }
}

function countSeparators(text: string): number {
  let count = 1;
  for (
    let index = text.indexOf('\n---');
    index !== -1;
    index = text.indexOf('\n---', index + 4)
  ) {
    count += 1;
  }
  return count;
}

function isJsonObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
