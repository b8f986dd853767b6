import {
  apiEntityV1alpha1Validator,
  componentEntityV1alpha1Validator,
  domainEntityV1alpha1Validator,
  type Entity,
  EntityPolicies,
  FieldFormatEntityPolicy,
  type KindValidator,
  NoForeignRootFieldsEntityPolicy,
  resourceEntityV1alpha1Validator,
  SchemaValidEntityPolicy,
  systemEntityV1alpha1Validator,
} from '@backstage/catalog-model';
import { templateEntityV1beta3Validator } from '@backstage/plugin-scaffolder-common';
import { type JsonObject } from '@backstage/types';
import { DELIVERY_API_VERSION } from '@portico/plugin-promotions-common';
import {
  checkDeliveryKind,
  deliveryKinds,
  isDeliveryKind,
} from '../delivery/deliveryKinds';
import { type DocumentPath, quote, RefusedDocument } from './RefusedDocument';

/** Kinds that an ordinary source may declare, with stock's own check of most. */
const kindValidators = new Map<string, KindValidator>([
  ['API', apiEntityV1alpha1Validator],
  ['Component', componentEntityV1alpha1Validator],
  ['Domain', domainEntityV1alpha1Validator],
  ['Resource', resourceEntityV1alpha1Validator],
  ['System', systemEntityV1alpha1Validator],
  ['Template', templateEntityV1beta3Validator],
  ...deliveryKinds.map((kind): [string, KindValidator] => [
    kind,
    { check: async entity => checkDeliveryKind(kind, entity) },
  ]),
]);

/** Kinds that an ordinary source may declare. */
export const sourceKinds: readonly string[] = [...kindValidators.keys()];

const policy = EntityPolicies.allOf([
  new SchemaValidEntityPolicy(),
  // relations and status are the catalog's to write
  new NoForeignRootFieldsEntityPolicy([
    'apiVersion',
    'kind',
    'metadata',
    'spec',
  ]),
  new FieldFormatEntityPolicy(),
]);

/**
 * Checks an entity as the catalog will: envelope, field formats, and the schema of
 * its kind. Done here because the catalog would only hide the entity, without a line.
 *
 * @throws RefusedDocument with the path that the message is about
 */
export async function checkShape(document: JsonObject): Promise<Entity> {
  const entity = checkEnvelope(document);
  const validator = kindValidators.get(entity.kind);
  if (!validator) {
    throw new RefusedDocument(['kind'], kindReason(entity.kind));
  }
  try {
    await policy.enforce(entity);
    if (!(await validator.check(entity))) {
      throw new RefusedDocument(
        ['apiVersion'],
        `apiVersion ${quote(entity.apiVersion)} is not known for kind ${
          entity.kind
        }; expected "${apiVersionOf(entity.kind)}"`,
      );
    }
  } catch (error) {
    throw asRefusal(error);
  }
  return entity;
}

function apiVersionOf(kind: string): string {
  if (isDeliveryKind(kind)) {
    return DELIVERY_API_VERSION;
  }
  return kind === 'Template'
    ? 'scaffolder.backstage.io/v1beta3'
    : 'backstage.io/v1alpha1';
}

/** The few fields that everything else needs; the policies check them fully. */
function checkEnvelope(document: JsonObject): Entity {
  const { apiVersion, kind, metadata } = document;
  if (typeof apiVersion !== 'string') {
    throw new RefusedDocument(
      ['apiVersion'],
      'apiVersion must be a text; expected "backstage.io/v1alpha1"',
    );
  }
  if (typeof kind !== 'string') {
    throw new RefusedDocument(
      ['kind'],
      `kind must be a text; expected one of ${sourceKinds.join(', ')}`,
    );
  }
  if (!isObject(metadata)) {
    throw new RefusedDocument(
      ['metadata'],
      'metadata must be a map with a name',
    );
  }
  const { name, annotations } = metadata;
  if (typeof name !== 'string' || name === '') {
    throw new RefusedDocument(
      ['metadata', 'name'],
      `metadata.name must be a text but is ${quote(name ?? 'absent')}`,
    );
  }
  if (annotations !== undefined && !isObject(annotations)) {
    throw new RefusedDocument(
      ['metadata', 'annotations'],
      'metadata.annotations must be a map of texts',
    );
  }
  return { ...document, apiVersion, kind, metadata: { ...metadata, name } };
}

function kindReason(kind: string): string {
  if (kind === 'User' || kind === 'Group') {
    return `kind ${kind} is not taken from a source; people and groups come from the tenant's directory`;
  }
  return `kind ${quote(kind)} is not known; expected one of ${sourceKinds.join(
    ', ',
  )}, Location`;
}

/** Reads the place out of the messages of the stock checks. */
function asRefusal(error: unknown): RefusedDocument {
  if (error instanceof RefusedDocument) {
    return error;
  }
  const message = (error instanceof Error ? error.message : String(error))
    .replace(/ To learn more about catalog file format.*$/s, '')
    .replace(/^Malformed envelope, /, '');
  return new RefusedDocument(pathOf(message), message.slice(0, 500));
}

function pathOf(message: string): DocumentPath {
  const pointer = /^(\/\S*) /.exec(message)?.[1];
  if (pointer) {
    const path = pointer
      .slice(1)
      .split('/')
      .map(step => step.replace(/~1/g, '/').replace(/~0/g, '~'));
    const unknownField = /additionalProperty: (\S+)/.exec(message)?.[1];
    return unknownField ? [...path, unknownField] : path;
  }
  const field = /^"([^"]+)" is not valid/.exec(message)?.[1];
  if (field) {
    const [first, ...rest] = field.split('.');
    switch (first) {
      case 'labels':
      case 'annotations':
        // Keys of these two contain dots themselves.
        return ['metadata', first, rest.join('.')];
      case 'tags':
      case 'links':
        return ['metadata', first, ...rest];
      default:
        return [first, ...rest];
    }
  }
  const unknownRoot = /^Unknown field (.+)$/.exec(message)?.[1];
  return unknownRoot ? [unknownRoot] : [];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
