import Ajv, { type ErrorObject } from 'ajv';
import schema from './configurationSchema.json';
import { productionProblems } from './productionProblems';
import { type ReadConfiguration } from './readConfiguration';

/**
 * Checks the whole configuration at once: against what the packages describe in their
 * `config.d.ts`, and in production for what would be unsafe there.
 *
 * @returns every problem, one sentence each, without any value that could be a secret
 */
export function checkConfiguration(
  { data, unset }: ReadConfiguration,
  environment: NodeJS.ProcessEnv,
): string[] {
  // From the environment numbers and switches arrive as text.
  const ajv = new Ajv({ allErrors: true, strict: false, coerceTypes: true });
  const validate = ajv.compile(schema);
  const copy: unknown = structuredClone(data);
  const problems = validate(copy)
    ? []
    : withoutRepeats(validate.errors ?? []).map(error =>
        describe(error, unset),
      );
  return [
    ...new Set([...problems, ...productionProblems(data, unset, environment)]),
  ].sort();
}

/** A union fails in each of its branches; one sentence for the whole is enough. */
function withoutRepeats(errors: readonly ErrorObject[]): ErrorObject[] {
  const unions = errors.filter(({ keyword }) => keyword === 'anyOf');
  return errors.filter(
    error =>
      error.keyword === 'anyOf' ||
      !unions.some(
        union =>
          error.instancePath.startsWith(union.instancePath) &&
          error.schemaPath.startsWith(union.schemaPath),
      ),
  );
}

function describe(
  { instancePath, keyword, params, message }: ErrorObject,
  unset: ReadonlyMap<string, string>,
): string {
  const path = pathOf(instancePath);
  switch (keyword) {
    case 'required': {
      const key = join(path, String(params.missingProperty));
      return `${key} is missing${hint(key, unset)}`;
    }
    case 'additionalProperties':
      return `${join(
        path,
        String(params.additionalProperty),
      )} is unknown: correct its name, or take it out`;
    case 'enum':
      return `${path} must be one of ${String(params.allowedValues)}`;
    case 'anyOf':
      return `${path} has none of the forms that are described in its config.d.ts`;
    default:
      return `${path} ${message}`;
  }
}

/** The variables that a missing key, or something below it, waits for. */
function hint(key: string, unset: ReadonlyMap<string, string>): string {
  const variables = [...unset]
    .filter(
      ([path]) =>
        path === key ||
        path.startsWith(`${key}.`) ||
        path.startsWith(`${key}[`),
    )
    .map(([, variable]) => variable);
  return variables.length > 0
    ? `: set ${[...new Set(variables)].join(', ')}`
    : '';
}

function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .reduce(
      (path, part) =>
        /^\d+$/.test(part) ? `${path}[${part}]` : join(path, part),
      '',
    );
}

function join(path: string, key: string): string {
  return path ? `${path}.${key}` : key;
}
