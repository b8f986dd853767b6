import { type JsonObject, type JsonValue } from '@backstage/types';
import { z } from 'zod';
import { ScimError } from './ScimError';
import { parseScimFilter, withoutSchema } from './scimFilter';

const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const MOST_OPERATIONS = 1_000;

/** The body of a `PATCH`; identity providers write the operation's name in any case. */
export const scimPatchSchema = z.object({
  schemas: z.array(z.string()).refine(all => all.includes(PATCH_SCHEMA), {
    message: `must contain ${PATCH_SCHEMA}`,
  }),
  Operations: z
    .array(
      z.object({
        op: z
          .string()
          .transform(op => op.toLowerCase())
          .pipe(z.enum(['add', 'remove', 'replace'])),
        path: z.string().max(1_000).optional(),
        value: z.json().optional(),
      }),
    )
    .min(1)
    .max(MOST_OPERATIONS),
});
/** One operation of a patch. */
export interface ScimOperation {
  op: 'add' | 'remove' | 'replace';
  path?: string;
  value?: JsonValue;
}
type Change = Pick<ScimOperation, 'op' | 'value'>;

/** The attributes of a resource that a patch can change. */
export interface PatchableAttributes {
  simple: readonly string[];
  /** With values below them, such as `name`. */
  complex: readonly string[];
  /** Lists of objects that have a `value`. */
  multiValued: readonly string[];
}

const PATH = /^([A-Za-z$][\w$-]*)(?:\[([^\]]*)\])?(?:\.([A-Za-z$][\w$-]*))?$/;

interface Path {
  attribute: string;
  kind: 'simple' | 'complex' | 'multiValued';
  filter?: string;
  sub?: string;
}

/**
 * Applies a patch to a resource (RFC 7644, 3.5.2), as Entra ID and Okta send it: without
 * a path, with a dot in a key, and with the values to remove in `value`.
 *
 * Attributes that Portico does not keep are left out, so that a provider's own mapping
 * does not stop the provisioning of a person.
 *
 * @returns another resource; what it says is still to be checked
 */
export function applyScimPatch(
  resource: JsonObject,
  operations: readonly ScimOperation[],
  attributes: PatchableAttributes,
): JsonObject {
  const result = structuredClone(resource);
  for (const operation of operations) {
    if (operation.path !== undefined) {
      const path = readPath(operation.path, attributes);
      if (path) {
        applyAt(result, path, operation);
      }
    } else {
      if (operation.op === 'remove') {
        throw new ScimError(400, 'A "remove" has no path', 'noTarget');
      }
      for (const [key, value] of Object.entries(objectOf(operation.value))) {
        const path = readPath(key, attributes);
        if (path) {
          applyAt(result, path, { op: operation.op, value });
        }
      }
    }
  }
  return result;
}

function readPath(
  text: string,
  attributes: PatchableAttributes,
): Path | undefined {
  const plain = withoutSchema(text);
  // Of a schema that Portico does not keep, such as the one of enterprises.
  if (/^urn:/i.test(plain)) {
    return undefined;
  }
  const match = PATH.exec(plain);
  if (!match) {
    throw new ScimError(
      400,
      `The path ${JSON.stringify(text)} cannot be understood`,
      'invalidPath',
    );
  }
  const [, name, filter, sub] = match;
  for (const kind of ['simple', 'complex', 'multiValued'] as const) {
    const attribute = attributes[kind].find(
      known => known.toLowerCase() === name.toLowerCase(),
    );
    if (attribute !== undefined) {
      return {
        attribute,
        kind,
        ...(filter !== undefined && { filter }),
        ...(sub !== undefined && { sub }),
      };
    }
  }
  return undefined;
}

function applyAt(resource: JsonObject, path: Path, operation: Change): void {
  const { attribute, kind, sub } = path;
  switch (kind) {
    case 'simple':
      setOrRemove(resource, attribute, operation);
      return;
    case 'complex': {
      const whole = { ...objectOf(resource[attribute] ?? {}) };
      if (sub !== undefined) {
        setOrRemove(whole, sub, operation);
      } else if (operation.op !== 'remove') {
        Object.assign(whole, objectOf(operation.value));
      }
      if (operation.op === 'remove' && sub === undefined) {
        delete resource[attribute];
      } else {
        resource[attribute] = whole;
      }
      return;
    }
    case 'multiValued':
      resource[attribute] = changeList(
        listOf(resource[attribute]),
        path,
        operation,
      );
      return;
    default: {
      const impossible: never = kind;
      throw new Error(`Unknown kind of attribute ${impossible}`);
    }
  }
}

function changeList(
  list: JsonObject[],
  path: Path,
  { op, value }: Change,
): JsonObject[] {
  const { filter, sub } = path;
  if (filter !== undefined) {
    const conditions = parseScimFilter(filter);
    const chosen = list.filter(item =>
      conditions.every(
        condition =>
          String(item[condition.attribute]).toLowerCase() ===
          String(condition.value).toLowerCase(),
      ),
    );
    if (op === 'remove') {
      return sub === undefined
        ? list.filter(item => !chosen.includes(item))
        : list.map(item =>
            chosen.includes(item) ? withoutKey(item, sub) : item,
          );
    }
    const change =
      sub === undefined ? objectOf(value) : { [sub]: value ?? null };
    if (chosen.length > 0) {
      return list.map(item =>
        chosen.includes(item) ? { ...item, ...change } : item,
      );
    }
    if (op === 'replace') {
      throw new ScimError(
        400,
        `Nothing of ${path.attribute} matches [${filter}]`,
        'noTarget',
      );
    }
    return [
      ...list,
      {
        ...Object.fromEntries(
          conditions.map(condition => [condition.attribute, condition.value]),
        ),
        ...change,
      },
    ];
  }
  switch (op) {
    case 'replace':
      return listOf(value);
    case 'add': {
      const added = listOf(value);
      const values = new Set(added.map(item => item.value));
      return [...list.filter(item => !values.has(item.value)), ...added];
    }
    case 'remove': {
      if (value === undefined || value === null) {
        return [];
      }
      const values = new Set(listOf(value).map(item => item.value));
      return list.filter(item => !values.has(item.value));
    }
    default: {
      const impossible: never = op;
      throw new Error(`Unknown operation ${impossible}`);
    }
  }
}

function setOrRemove(
  target: JsonObject,
  key: string,
  { op, value }: Change,
): void {
  if (op === 'remove' || value === undefined || value === null) {
    delete target[key];
  } else {
    target[key] = value;
  }
}

function withoutKey(item: JsonObject, key: string): JsonObject {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => name !== key),
  );
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  if (!isObject(value)) {
    throw new ScimError(400, 'The value is no object', 'invalidValue');
  }
  return value;
}

/** A list as such, and a single object as a list of it. */
function listOf(value: JsonValue | undefined): JsonObject[] {
  if (value === undefined) {
    return [];
  }
  return (Array.isArray(value) ? value : [value]).map(objectOf);
}
