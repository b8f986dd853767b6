import { InputError } from '@backstage/errors';

/** What stands in braces in a template. */
export interface QueryNames {
  tenant: string;
  component: string;
  environment: string;
}

const names = ['tenant', 'component', 'environment'] as const;
const placeholder = new RegExp(`\\{(${names.join('|')})\\}`, 'g');

type Part =
  | { kind: 'text'; text: string }
  | { kind: 'name'; name: keyof QueryNames; quote: string; matches: boolean };

/**
 * PromQL with `{tenant}`, `{component}` and `{environment}` in it. They stand in quoted
 * strings only, so that a value can never be more than a value: it is escaped for its
 * string, and for a regular expression after `=~` and `!~`.
 */
export class QueryTemplate {
  readonly #parts: readonly Part[];

  private constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  /** @throws InputError for a placeholder outside of quotes, or quotes without an end */
  static parse(text: string, place: string): QueryTemplate {
    const parts: Part[] = [];
    let rest = text;
    let before = '';
    while (rest !== '') {
      const start = rest.search(/["'`]/);
      const outside = start < 0 ? rest : rest.slice(0, start);
      refusePlaceholders(outside, place, 'outside of quotes');
      parts.push({ kind: 'text', text: outside });
      before += outside;
      if (start < 0) {
        break;
      }
      const quoted = readQuoted(rest.slice(start), place);
      parts.push(
        ...partsOf(quoted, { place, matches: /[=!]~\s*$/.test(before) }),
      );
      before += quoted;
      rest = rest.slice(start + quoted.length);
    }
    return new QueryTemplate(parts);
  }

  /** Whether a name is asked for. */
  asks(name: keyof QueryNames): boolean {
    return this.#parts.some(part => part.kind === 'name' && part.name === name);
  }

  fill(values: QueryNames): string {
    return this.#parts
      .map(part =>
        part.kind === 'text'
          ? part.text
          : quote(
              part.matches
                ? escapeExpression(values[part.name])
                : values[part.name],
              part.quote,
            ),
      )
      .join('');
  }
}

/** A string with its quotes, from the beginning of a text. */
function readQuoted(text: string, place: string): string {
  const [mark] = text;
  for (let index = 1; index < text.length; index += 1) {
    if (text[index] === '\\' && mark !== '`') {
      index += 1;
    } else if (text[index] === mark) {
      return text.slice(0, index + 1);
    }
  }
  throw new InputError(`${place}: a string begins with ${mark} and has no end`);
}

function partsOf(
  quoted: string,
  options: { place: string; matches: boolean },
): Part[] {
  const mark = quoted[0] ?? '"';
  if (mark === '`') {
    refusePlaceholders(quoted, options.place, 'in a string in backticks');
    return [{ kind: 'text', text: quoted }];
  }
  const parts: Part[] = [];
  let end = 0;
  for (const match of quoted.matchAll(placeholder)) {
    parts.push({ kind: 'text', text: quoted.slice(end, match.index) });
    const name = names.find(one => one === match[1]);
    if (name) {
      parts.push({ kind: 'name', name, quote: mark, matches: options.matches });
    }
    end = match.index + match[0].length;
  }
  parts.push({ kind: 'text', text: quoted.slice(end) });
  return parts;
}

function refusePlaceholders(text: string, place: string, where: string): void {
  const found = text.match(placeholder);
  if (found) {
    throw new InputError(
      `${place}: ${found[0]} stands ${where}; write it in double quotes, as in job="${found[0]}"`,
    );
  }
}

/** For a string of PromQL, which escapes as Go does. */
function quote(value: string, mark: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll(mark, `\\${mark}`)
    .replace(
      /\p{Cc}/gu,
      character =>
        `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
}

/** For a regular expression of RE2. */
function escapeExpression(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}
