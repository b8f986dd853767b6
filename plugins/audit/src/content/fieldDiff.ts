import { isCommitment } from './personalData';

/** JSON as entries carry it. */
export type Json =
  | string
  | number
  | boolean
  | null
  | Json[]
  | { [key: string]: Json };

/** What became of one field. */
export type FieldChange =
  | { path: string; kind: 'added'; after: Json }
  | { path: string; kind: 'removed'; before: Json }
  | { path: string; kind: 'changed'; before: Json; after: Json }
  | { path: string; kind: 'unchanged'; after: Json };

type Fields = Record<string, Json>;

/**
 * Compares two sides field by field. Objects are compared by their fields, `a.b`;
 * lists and personal data as a whole.
 */
export function fieldDiff(
  before: Fields | undefined,
  after: Fields | undefined,
): FieldChange[] {
  const old = flatten(before ?? {});
  const now = flatten(after ?? {});
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  return paths.map((path): FieldChange => {
    const was = old.get(path);
    const is = now.get(path);
    if (was === undefined) {
      return { path, kind: 'added', after: is ?? null };
    }
    if (is === undefined) {
      return { path, kind: 'removed', before: was };
    }
    return sameJson(was, is)
      ? { path, kind: 'unchanged', after: is }
      : { path, kind: 'changed', before: was, after: is };
  });
}

/** What is in one list and not in the other, each as often as it is. */
export function listDiff(
  before: Json[],
  after: Json[],
): { kept: Json[]; removed: Json[]; added: Json[] } {
  const added = [...after];
  const kept: Json[] = [];
  const removed: Json[] = [];
  for (const item of before) {
    const index = added.findIndex(other => sameJson(item, other));
    if (index === -1) {
      removed.push(item);
    } else {
      kept.push(item);
      added.splice(index, 1);
    }
  }
  return { kept, removed, added };
}

function flatten(
  fields: Fields,
  prefix = '',
  into = new Map<string, Json>(),
): Map<string, Json> {
  for (const [key, value] of Object.entries(fields)) {
    const path = `${prefix}${key}`;
    if (isFields(value) && Object.keys(value).length > 0) {
      flatten(value, `${path}.`, into);
    } else {
      into.set(path, value);
    }
  }
  return into;
}

function isFields(value: Json): value is Fields {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isCommitment(value)
  );
}

function sameJson(left: Json, right: Json): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return (
      left.length === right.length &&
      left.every((item, index) => sameJson(item, right[index]))
    );
  }
  if (
    typeof left === 'object' &&
    typeof right === 'object' &&
    left !== null &&
    right !== null &&
    !Array.isArray(left) &&
    !Array.isArray(right)
  ) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every(
        key => Object.hasOwn(right, key) && sameJson(left[key], right[key]),
      )
    );
  }
  return left === right;
}
