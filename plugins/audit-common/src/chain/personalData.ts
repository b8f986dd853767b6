import { type JsonValue } from '@backstage/types';
import {
  type Commitment,
  commitmentSchema,
  type PersonalValue,
  personalValueSchema,
} from '../personal';

type Replaced<T> = T extends PersonalValue
  ? Commitment
  : T extends object
  ? { [Key in keyof T]: Replaced<T[Key]> }
  : T;

/**
 * A copy with a commitment in place of each personal datum, however deep it stands.
 *
 * @param commitmentOf - gives the commitment's digest in text form
 */
export function replacePersonal<T>(
  value: T,
  commitmentOf: (datum: PersonalValue['$personal']) => string,
): Replaced<T> {
  const replace = (part: unknown): unknown => {
    if (Array.isArray(part)) {
      return part.map(replace);
    }
    if (!isObject(part)) {
      return part;
    }
    if ('$personal' in part) {
      const datum = personalValueSchema.safeParse(part);
      if (datum.success) {
        return { $personal: commitmentOf(datum.data.$personal) };
      }
    }
    return Object.fromEntries(
      Object.entries(part).map(([key, member]) => [key, replace(member)]),
    );
  };
  // The walk keeps the shape: only personal data become commitments.
  return replace(value) as Replaced<T>;
}

/** The personal data of a draft, each as often as it stands there. */
export function personalDataOf(draft: object): PersonalValue['$personal'][] {
  const found: PersonalValue['$personal'][] = [];
  replacePersonal(draft, datum => {
    found.push(datum);
    return '';
  });
  return found;
}

/** The commitments of an entry in text form, each once. */
export function commitmentsOf(entry: object): string[] {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) {
      part.forEach(visit);
    } else if (isObject(part)) {
      const commitment = commitmentSchema.safeParse(part);
      if (commitment.success) {
        found.add(commitment.data.$personal);
      } else {
        Object.values(part).forEach(visit);
      }
    }
  };
  visit(entry);
  return [...found];
}

function isObject(value: unknown): value is Record<string, JsonValue> {
  return typeof value === 'object' && value !== null;
}
