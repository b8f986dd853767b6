import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  type ApiDescription,
  type ApiSchema,
  typeOf,
} from '@portico/plugin-api-try-out-common';
import { apiTryOutTranslationRef } from '../translation';
import styles from './OpenApiDefinition.module.css';

const MOST_DEPTH = 5;

/** A schema as nested lists. */
export function SchemaList(props: {
  schema: ApiSchema;
  resolve: ApiDescription['resolveSchema'];
  depth?: number;
}) {
  const { resolve, depth = 0 } = props;
  const { t } = useTranslationRef(apiTryOutTranslationRef);
  const schema = resolve(props.schema);
  const rows = rowsOf(schema, resolve);
  if (rows.length === 0) {
    return depth === 0 ? (
      <ul className={styles.schema}>
        <li>{describeSchema(schema) || t('operation.noContent')}</li>
      </ul>
    ) : null;
  }
  if (depth >= MOST_DEPTH) {
    return <span className={styles.muted}>{t('operation.nested')}</span>;
  }
  return (
    <ul className={styles.schema}>
      {rows.map((row, index) => (
        // Alternatives have no names, and the list never changes.
        // eslint-disable-next-line react/no-array-index-key
        <li key={index}>
          {row.name !== undefined && (
            <strong className={styles.name}>{row.name}</strong>
          )}{' '}
          <span className={styles.muted}>
            {[
              row.role && t(`operation.${row.role}`),
              describeSchema(row.schema),
              row.isRequired && t('operation.required'),
              row.schema.readOnly === true && t('operation.readOnly'),
            ]
              .filter(Boolean)
              .join(', ')}
          </span>{' '}
          {typeof row.schema.description === 'string' && row.schema.description}
          <SchemaList schema={row.schema} resolve={resolve} depth={depth + 1} />
        </li>
      ))}
    </ul>
  );
}

interface SchemaRow {
  name?: string;
  role?: 'items' | 'oneOf';
  schema: ApiSchema;
  isRequired?: boolean;
}

function rowsOf(
  schema: ApiSchema,
  resolve: ApiDescription['resolveSchema'],
): SchemaRow[] {
  const required = listOf(schema.required);
  const rows: SchemaRow[] = listOf(schema.allOf).flatMap(part =>
    rowsOf(resolve(schemaOf(part)), resolve),
  );
  for (const [name, part] of Object.entries(schemaOf(schema.properties))) {
    rows.push({
      name,
      schema: resolve(schemaOf(part)),
      isRequired: required.includes(name),
    });
  }
  for (const part of [...listOf(schema.oneOf), ...listOf(schema.anyOf)]) {
    rows.push({ role: 'oneOf', schema: resolve(schemaOf(part)) });
  }
  if (schema.items !== undefined) {
    rows.push({ role: 'items', schema: resolve(schemaOf(schema.items)) });
  }
  return rows;
}

/** Type, format and bounds, in few words. */
function describeSchema(schema: ApiSchema): string {
  const { format, minimum, maximum, minLength, maxLength, pattern } = schema;
  const values = listOf(schema.enum);
  return [
    typeOf(schema),
    format,
    minimum !== undefined && `≥ ${minimum}`,
    maximum !== undefined && `≤ ${maximum}`,
    minLength !== undefined && `length ≥ ${minLength}`,
    maxLength !== undefined && `length ≤ ${maxLength}`,
    pattern,
    values.length > 0 && values.map(value => JSON.stringify(value)).join(' | '),
  ]
    .filter(part => typeof part === 'string' && part !== '')
    .join(', ');
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function schemaOf(value: unknown): ApiSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? { ...value }
    : {};
}
