import { InputError } from '@backstage/errors';
import { isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { z } from 'zod';

/** A piece of the text that is replaced by another. */
export interface Splice {
  start: number;
  end: number;
  text: string;
  /** A new key comes after what is added to the last list of the file. */
  isKey?: true;
}

/** Finds where in the text a value stands, or belongs. */
export class OverlayText {
  readonly #text: string;
  readonly #root: YAMLMap;

  constructor(text: string, root: YAMLMap) {
    this.#text = text;
    this.#root = root;
  }

  /** Replaces a text in a list of texts. */
  setItem(key: string, index: number, value: string): Splice[] {
    const list = this.#root.get(key, true);
    return isSeq(list) ? this.#setScalar(list.items[index], value) : [];
  }

  /** Sets a field of the entry with this name in a list of entries, which may be new. */
  setEntry(
    key: string,
    name: string,
    field: string,
    value: string | number,
  ): Splice[] {
    const pair = this.#root.items.find(
      item => isScalar(item.key) && item.key.value === key,
    );
    const list = pair?.value;
    if (!isSeq(list) || list.items.length === 0) {
      const entry = `${key}:\n  - name: ${name}\n    ${field}: ${value}`;
      return pair && isScalar(pair.key)
        ? [this.#replacePair(rangeOf(pair.key)[0], list, entry)]
        : [
            {
              ...this.#append(this.#text.length, `${entry}\n`),
              isKey: true,
            },
          ];
    }
    const entry = list.items.find(
      (item): item is YAMLMap => isMap(item) && item.get('name') === name,
    );
    if (!entry) {
      return [this.#addEntry(list, `name: ${name}`, `${field}: ${value}`)];
    }
    if (entry.has(field)) {
      return this.#setScalar(entry.get(field, true), value);
    }
    const last = rangeOf(entry.items.at(-1)?.value)[1];
    return [
      {
        start: last,
        end: last,
        text: entry.flow
          ? `, ${field}: ${value}`
          : `\n${' '.repeat(
              this.#columnOf(rangeOf(entry)[0]),
            )}${field}: ${value}`,
      },
    ];
  }

  #setScalar(node: unknown, value: string | number): Splice[] {
    if (!isScalar(node)) {
      return [];
    }
    if (node.value === value) {
      return [];
    }
    const [start, end] = rangeOf(node);
    const quote = this.#text[start];
    const isQuoted = quote === '"' || quote === "'";
    return [
      {
        start,
        end,
        text:
          typeof value === 'string' && isQuoted
            ? `${quote}${value}${quote}`
            : String(value),
      },
    ];
  }

  /** Puts a key with its list in the place of one without entries. */
  #replacePair(start: number, value: unknown, text: string): Splice {
    const isWritten = isSeq(value) || (isScalar(value) && value.source !== '');
    const end = isWritten
      ? rangeOf(value)[1]
      : this.#text.indexOf(':', start) + 1;
    return { start, end, text };
  }

  #addEntry(list: YAMLSeq, name: string, field: string): Splice {
    if (list.flow) {
      const end = rangeOf(list.items.at(-1))[1];
      return { start: end, end, text: `, { ${name}, ${field} }` };
    }
    const first = rangeOf(list.items[0])[0];
    const column = this.#columnOf(first);
    const lead = this.#text.slice(first - column, first);
    const dash = /^( *)- +$/.exec(lead);
    if (!dash) {
      throw new InputError(
        'The kustomization.yaml has a list in a form that Portico does not edit; begin each entry with "- " on a line of its own',
      );
    }
    return this.#append(
      this.#lineEnd(rangeOf(list.items.at(-1))[1]),
      `${lead}${name}\n${' '.repeat(column)}${field}\n`,
    );
  }

  /** Adds whole lines at the beginning of a line. */
  #append(position: number, lines: string): Splice {
    const isAtLine = position === 0 || this.#text[position - 1] === '\n';
    return {
      start: position,
      end: position,
      text: isAtLine ? lines : `\n${lines.replace(/\n$/, '')}`,
    };
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
}

const nodeSchema = z.object({
  range: z.tuple([z.number(), z.number(), z.number()]),
});

/** Begin and end of a node in the text. */
function rangeOf(node: unknown): [number, number, number] {
  return nodeSchema.parse(node).range;
}
