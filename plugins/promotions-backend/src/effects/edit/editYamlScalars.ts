import { isDeepStrictEqual } from 'node:util';
import { InputError } from '@backstage/errors';
import { type Document, parseAllDocuments } from 'yaml';
import { followYamlPath } from './followYamlPath';
import { parseYamlPath } from './yamlPath';
import { YamlText } from './YamlText';

/** A text that is to stand somewhere. */
export interface ScalarChange {
  /** As `parseYamlPath` reads it. */
  path: string;
  value: string;
}

/**
 * Replaces texts in YAML, which may be of several documents. Every other byte stays as it
 * is, comments and order included. Each path has to be there already, once.
 *
 * @param name - what errors call the file
 * @throws InputError when a path is not there, or the file cannot be edited safely
 */
export function editYamlScalars(
  text: string,
  changes: readonly ScalarChange[],
  name: string,
): string {
  return changes.reduce((rest, change) => editOne(rest, change, name), text);
}

function editOne(text: string, change: ScalarChange, name: string): string {
  const before = parse(text, name);
  const { document, keys, pair } = locate(before, change, name);
  const edited = new YamlText(text, name).withValue(pair, change.value);
  const expected = contentsOf(before);
  expected[document] = withText(expected[document], keys, change.value);
  const after = parseAllDocuments(edited);
  const isAsMeant =
    Array.isArray(after) &&
    after.every(({ errors }) => errors.length === 0) &&
    isDeepStrictEqual(contentsOf(after), expected);
  if (!isAsMeant) {
    throw new InputError(
      `${name} has a form at ${change.path} that Portico does not edit, such as an anchor or a text of many lines; write the value on the line of its key`,
    );
  }
  return edited;
}

function parse(text: string, name: string): Document[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.length === 0) {
    throw new InputError(`${name} is empty`);
  }
  const flaw = documents.flatMap(({ errors }) => errors)[0];
  if (flaw) {
    throw new InputError(`${name} is no YAML: ${flaw.message.split('\n')[0]}`);
  }
  return documents;
}

function contentsOf(documents: readonly Document[]): unknown[] {
  return documents.map(document => document.toJS({ maxAliasCount: 100 }));
}

/** Where a path leads: keys and places in lists, and the pair whose value it is. */
function locate(
  documents: readonly Document[],
  { path }: ScalarChange,
  name: string,
) {
  const parts = parseYamlPath(path);
  const found = documents.flatMap((document, index) => {
    const place = followYamlPath(document.contents, parts);
    return place ? [{ document: index, ...place }] : [];
  });
  const [place] = found;
  if (!place) {
    throw new InputError(
      `${name} has no ${path}; add it with an empty value, so that Portico knows where to write`,
    );
  }
  if (found.length > 1) {
    throw new InputError(
      `${name} has ${path} in several documents; name one that is there once`,
    );
  }
  return place;
}

function withText(
  content: unknown,
  [key, ...rest]: ReadonlyArray<string | number>,
  value: string,
): unknown {
  if (key === undefined) {
    return value;
  }
  if (Array.isArray(content)) {
    return content.map((item, index) =>
      index === key ? withText(item, rest, value) : item,
    );
  }
  return Object.fromEntries(
    Object.entries(content ?? {}).map(([name, item]) => [
      name,
      name === String(key) ? withText(item, rest, value) : item,
    ]),
  );
}
