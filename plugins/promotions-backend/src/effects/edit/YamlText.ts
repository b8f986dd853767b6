import { InputError } from '@backstage/errors';
import {
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  stringify,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { z } from 'zod';

/** A piece of a text that is replaced by another. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Replaces one piece of a text. */
export function splice(text: string, { start, end, text: by }: Splice): string {
  return text.slice(0, start) + by + text.slice(end);
}

/**
 * Finds where in a YAML text a value stands, or belongs. It changes nothing but that; whoever
 * uses it compares what the text says afterwards with what it should say.
 */
export class YamlText {
  readonly #text: string;
  readonly #name: string;

  /** @param name - what errors call the file */
  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
  }

  /** The text with another item in a list of texts. */
  withItem(key: string, index: number, value: string): string {
    const list = this.#root().get(key, true);
    return isSeq(list)
      ? this.#withScalar(list.items[index], value)
      : this.#text;
  }

  /** The text with a field of the entry of this name in a list of entries, which may be new. */
  withEntry(
    key: string,
    name: string,
    field: string,
    value: string | number,
  ): string {
    const pair = this.#root().items.find(
      item => isScalar(item.key) && item.key.value === key,
    );
    const list = pair?.value;
    const written = `${field}: ${scalarText(value)}`;
    if (!isSeq(list) || list.items.length === 0) {
      const entry = `${key}:\n  - name: ${scalarText(name)}\n    ${written}`;
      return pair && isScalar(pair.key)
        ? this.#withPair(rangeOf(pair.key)[0], list, entry)
        : this.#withLines(this.#text.length, `${entry}\n`);
    }
    const entry = list.items.find(
      (item): item is YAMLMap => isMap(item) && item.get('name') === name,
    );
    if (!entry) {
      return this.#withNewEntry(list, `name: ${scalarText(name)}`, written);
    }
    if (entry.has(field)) {
      return this.#withScalar(entry.get(field, true), value);
    }
    const last = rangeOf(entry.items.at(-1)?.value)[1];
    const indent = ' '.repeat(this.#columnOf(rangeOf(entry)[0]));
    return splice(this.#text, {
      start: last,
      end: last,
      text: entry.flow ? `, ${written}` : `\n${indent}${written}`,
    });
  }

  /** The text with another value of a key that is there; the value may be empty. */
  withValue(pair: Pair, value: string): string {
    if (
      isScalar(pair.value) &&
      !pair.value.source &&
      pair.value.value === null
    ) {
      const after = this.#text.indexOf(':', rangeOf(pair.key)[1]) + 1;
      return splice(this.#text, {
        start: after,
        end: after,
        text: ` ${scalarText(value)}`,
      });
    }
    return this.#withScalar(pair.value, value);
  }

  /** The text with another scalar in the place of a node; another node stays as it is. */
  #withScalar(node: unknown, value: string | number): string {
    if (!isScalar(node) || node.value === value) {
      return this.#text;
    }
    const [start, end] = rangeOf(node);
    const quote = this.#text[start];
    const isQuoted = quote === '"' || quote === "'";
    return splice(this.#text, {
      start,
      end,
      text:
        typeof value === 'string' && isQuoted
          ? `${quote}${value}${quote}`
          : scalarText(value),
    });
  }

  /** Puts a key with its list in the place of one without entries. */
  #withPair(start: number, value: unknown, text: string): string {
    const isWritten = isSeq(value) || (isScalar(value) && value.source !== '');
    const end = isWritten
      ? rangeOf(value)[1]
      : this.#text.indexOf(':', start) + 1;
    return splice(this.#text, { start, end, text });
  }

  #withNewEntry(list: YAMLSeq, name: string, field: string): string {
    if (list.flow) {
      const end = rangeOf(list.items.at(-1))[1];
      return splice(this.#text, {
        start: end,
        end,
        text: `, { ${name}, ${field} }`,
      });
    }
    const first = rangeOf(list.items[0])[0];
    const column = this.#columnOf(first);
    const lead = this.#text.slice(first - column, first);
    if (!/^( *)- +$/.test(lead)) {
      throw new InputError(
        `${
          this.#name
        } has a list in a form that Portico does not edit; begin each entry with "- " on a line of its own`,
      );
    }
    return this.#withLines(
      this.#lineEnd(rangeOf(list.items.at(-1))[1]),
      `${lead}${name}\n${' '.repeat(column)}${field}\n`,
    );
  }

  /** Adds whole lines at the beginning of a line. */
  #withLines(position: number, lines: string): string {
    const isAtLine = position === 0 || this.#text[position - 1] === '\n';
    return splice(this.#text, {
      start: position,
      end: position,
      text: isAtLine ? lines : `\n${lines.replace(/\n$/, '')}`,
    });
  }

  /** Where the line of a position ends, its newline included. */
  #lineEnd(position: number): number {
    if (this.#text[position - 1] === '\n') {
      return position;
    }
    const newline = this.#text.indexOf('\n', position);
    return newline === -1 ? this.#text.length : newline + 1;
  }

  #columnOf(position: number): number {
    return position - (this.#text.lastIndexOf('\n', position - 1) + 1);
  }

  #root(): YAMLMap {
    const root = parseDocument(this.#text).contents;
    if (!isMap(root) || root.flow) {
      throw new InputError(`${this.#name} holds no block of keys`);
    }
    return root;
  }
}

/** A scalar as it is written where nothing stood before; quoted where it must be. */
function scalarText(value: string | number): string {
  return stringify(value, { lineWidth: 0 }).trimEnd();
}

const nodeSchema = z.object({
  range: z.tuple([z.number(), z.number(), z.number()]),
});

/** Begin and end of a node in the text. */
function rangeOf(node: unknown): [number, number, number] {
  return nodeSchema.parse(node).range;
}
