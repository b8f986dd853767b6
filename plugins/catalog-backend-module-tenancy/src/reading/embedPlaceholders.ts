import { type JsonObject, type JsonValue } from '@backstage/types';
import { type BoundedFiles, RefusedFile } from './BoundedFiles';
import { readingLimits } from './limits';
import { parseSingleDocument } from './parseDocuments';
import { type DocumentPath, quote, RefusedDocument } from './RefusedDocument';
import { resolvePathInSource } from './resolveInSource';

/** Keys with a dollar sign that belong to JSON Schema, as template forms use it. */
const JSON_SCHEMA_KEYS: ReadonlySet<string> = new Set([
  '$anchor',
  '$comment',
  '$defs',
  '$dynamicAnchor',
  '$dynamicRef',
  '$id',
  '$ref',
  '$schema',
]);

class Embedding {
  constructor(
    private readonly file: string,
    private readonly files: BoundedFiles,
  ) {}

  async members(value: JsonObject, path: DocumentPath): Promise<JsonObject> {
    const entries: Array<[string, JsonValue | undefined]> = [];
    for (const [key, item] of Object.entries(value)) {
      entries.push([key, await this.#value(item, [...path, key])]);
    }
    return Object.fromEntries(entries);
  }

  async #value(
    value: JsonValue | undefined,
    path: DocumentPath,
  ): Promise<JsonValue | undefined> {
    if (typeof value !== 'object' || value === null) {
      return value;
    }
    if (Array.isArray(value)) {
      const items: JsonValue[] = [];
      for (const [index, item] of value.entries()) {
        items.push((await this.#value(item, [...path, index])) ?? null);
      }
      return items;
    }
    const placeholder = placeholderOf(value);
    return placeholder
      ? this.#embed(placeholder, [...path, placeholder.name])
      : this.members(value, path);
  }

  async #embed(
    { name, target }: Placeholder,
    path: DocumentPath,
  ): Promise<JsonValue> {
    if (name !== '$text' && name !== '$json' && name !== '$yaml') {
      throw new RefusedDocument(
        path,
        `the placeholder ${quote(
          name,
        )} is not followed; expected $text, $json or $yaml`,
      );
    }
    const embedded =
      typeof target === 'string'
        ? resolvePathInSource(target, this.file)
        : undefined;
    if (!embedded) {
      throw new RefusedDocument(
        path,
        `${name} leads to ${quote(
          target ?? '',
        )}; expected a relative path to a file of the same source`,
      );
    }
    try {
      const text = await this.files.text(embedded, readingLimits.embeddedBytes);
      const value = name === '$text' ? text : parseEmbedded(name, text);
      refusePlaceholders(value);
      return value;
    } catch (error) {
      if (error instanceof RefusedFile) {
        throw new RefusedDocument(path, error.message);
      }
      if (error instanceof RefusedDocument) {
        throw new RefusedDocument(path, `${embedded}: ${error.message}`);
      }
      throw error;
    }
  }
}

/**
 * Replaces `{ $text | $json | $yaml: ./file }` by that file of the same source.
 *
 * The catalog's own placeholders know no tenant, so none may be left over: every
 * other one is refused, in the embedded files too.
 *
 * @throws RefusedDocument with the path of the placeholder
 */
export async function embedPlaceholders(options: {
  document: JsonObject;
  file: string;
  files: BoundedFiles;
}): Promise<JsonObject> {
  const { document, file, files } = options;
  return new Embedding(file, files).members(document, []);
}

interface Placeholder {
  name: string;
  target: JsonValue | undefined;
}

function placeholderOf(value: JsonObject): Placeholder | undefined {
  const [entry, ...others] = Object.entries(value);
  return entry &&
    others.length === 0 &&
    entry[0].startsWith('$') &&
    !JSON_SCHEMA_KEYS.has(entry[0])
    ? { name: entry[0], target: entry[1] }
    : undefined;
}

function parseEmbedded(name: '$json' | '$yaml', text: string): JsonValue {
  if (name === '$yaml') {
    return parseSingleDocument(text);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new RefusedDocument([], 'is not valid JSON');
  }
}

function refusePlaceholders(value: JsonValue | undefined, depth = 0): void {
  if (depth > readingLimits.depth) {
    throw new RefusedDocument(
      [],
      `is nested deeper than ${readingLimits.depth} levels`,
    );
  }
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (!Array.isArray(value)) {
    const placeholder = placeholderOf(value);
    if (placeholder) {
      throw new RefusedDocument(
        [],
        `has the placeholder ${quote(
          placeholder.name,
        )}; expected none in an embedded file`,
      );
    }
  }
  for (const item of Object.values(value)) {
    refusePlaceholders(item, depth + 1);
  }
}
