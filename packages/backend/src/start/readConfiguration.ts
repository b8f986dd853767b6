import { ConfigSources } from '@backstage/config-loader';
import { type JsonObject, type JsonValue } from '@backstage/types';

/** Stands for a variable that is not set, until it is known where it was needed. */
const UNSET = '\u0000unset:';

/** The configuration as all sources give it together. */
export interface ReadConfiguration {
  data: JsonObject;
  /** The variable that a key waits for in vain, by the key's path. */
  unset: ReadonlyMap<string, string>;
}

/** Reads the files and variables that the backend itself will read. */
export async function readConfiguration(options: {
  argv: string[];
  environment: NodeJS.ProcessEnv;
}): Promise<ReadConfiguration> {
  const { argv, environment } = options;
  const config = await ConfigSources.toConfig(
    ConfigSources.default({
      argv,
      env: environment,
      substitutionFunc: async name =>
        environment[name]?.trim() || `${UNSET}${name}\u0000`,
    }),
  );
  try {
    const unset = new Map<string, string>();
    const data = withoutUnset(config.get<JsonValue>(), '', unset);
    return { data: isObject(data) ? data : {}, unset };
  } finally {
    config.close();
  }
}

/** Takes out what was not given, as the backend does. */
function withoutUnset(
  value: JsonValue,
  path: string,
  unset: Map<string, string>,
): JsonValue | undefined {
  if (typeof value === 'string') {
    const at = value.indexOf(UNSET);
    if (at < 0) {
      return value;
    }
    const [variable = ''] = value.slice(at + UNSET.length).split('\u0000');
    unset.set(path, variable);
    return undefined;
  }
  if (Array.isArray(value)) {
    return value
      .map((item, index) => withoutUnset(item, `${path}[${index}]`, unset))
      .filter(item => item !== undefined);
  }
  if (isObject(value)) {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]) => {
        if (item === undefined || item === null) {
          return [];
        }
        const kept = withoutUnset(item, path ? `${path}.${key}` : key, unset);
        return kept === undefined ? [] : [[key, kept]];
      }),
    );
  }
  return value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
