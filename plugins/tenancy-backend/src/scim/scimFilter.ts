import { ScimError } from './ScimError';

/** One comparison of a filter; the attribute in lower case. */
export interface ScimComparison {
  attribute: string;
  value: string | boolean;
}

const MOST_CHARACTERS = 2_000;
const MOST_COMPARISONS = 10;

const COMPARISON =
  /^\s*([A-Za-z$][\w$.:-]*)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*/i;

/**
 * Reads a filter: comparisons with `eq`, joined by `and`. All of them have to hold.
 *
 * @throws ScimError `invalidFilter` for everything else that RFC 7644 knows
 */
export function parseScimFilter(text: string): ScimComparison[] {
  if (text.length > MOST_CHARACTERS) {
    throw invalid(`it has more than ${MOST_CHARACTERS} characters`);
  }
  const comparisons: ScimComparison[] = [];
  let rest = text;
  for (;;) {
    const match = COMPARISON.exec(rest);
    if (!match) {
      throw invalid(
        `${JSON.stringify(
          rest.slice(0, 60),
        )} is no comparison such as userName eq "kim"`,
      );
    }
    comparisons.push({
      attribute: withoutSchema(match[1]).toLowerCase(),
      value: valueOf(match[2]),
    });
    rest = rest.slice(match[0].length);
    if (rest === '') {
      return comparisons;
    }
    const and = /^and\s+/i.exec(rest);
    if (!and || comparisons.length >= MOST_COMPARISONS) {
      throw invalid(
        `comparisons are joined by "and" alone, ${MOST_COMPARISONS} at most`,
      );
    }
    rest = rest.slice(and[0].length);
  }
}

/** An attribute's name without the URN of the core schemas before it. */
export function withoutSchema(attribute: string): string {
  return attribute.replace(
    /^urn:ietf:params:scim:schemas:core:2\.0:(?:User|Group):/i,
    '',
  );
}

function valueOf(text: string): string | boolean {
  if (!text.startsWith('"')) {
    return text.toLowerCase() === 'true';
  }
  try {
    return String(JSON.parse(text));
  } catch {
    throw invalid(`${text} is no text of JSON`);
  }
}

function invalid(reason: string): ScimError {
  return new ScimError(
    400,
    `The filter cannot be understood: ${reason}`,
    'invalidFilter',
  );
}
