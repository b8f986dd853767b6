import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';

const file =
  process.env.PORTICO_TEST_PROMETHEUS_OPENAPI ??
  join(
    // eslint-disable-next-line no-restricted-syntax -- a folder beside the repository
    __dirname,
    '../../../../../shared/fixtures/prometheus/openapi_3.1_golden.yaml',
  );

/** Checks values by the schemas of the vendor's own description of its API. */
export interface PrometheusDescription {
  /** What is wrong with a value; undefined when nothing is. */
  problem(schema: string, value: unknown): string | undefined;
  has(path: string, method: string): boolean;
}

/** Undefined where the description is not there. */
export function readPrometheusDescription(): PrometheusDescription | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const description = parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    validateFormats: false,
  });
  ajv.addSchema(description, 'prometheus');
  return {
    problem(schema, value) {
      const validate = ajv.getSchema(
        `prometheus#/components/schemas/${schema}`,
      );
      if (!validate) {
        return `there is no schema ${schema}`;
      }
      return validate(value) ? undefined : ajv.errorsText(validate.errors);
    },
    has: (path, method) => description.paths[path]?.[method] !== undefined,
  };
}
