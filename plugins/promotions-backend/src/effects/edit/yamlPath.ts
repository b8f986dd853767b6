import { InputError } from '@backstage/errors';

/** A key of a map, a place in a list, or the entry of a list with this value of a field. */
export type YamlPathPart =
  | { key: string }
  | { index: number }
  | { field: string; value: string };

const PART =
  /(?:^|(?<=.)\.)([^.[\]"=]+)|\["([^"\]]+)"\]|\[(\d{1,4})\]|\[([A-Za-z][\w.-]*)=([^\]]+)\]/y;

/**
 * Reads a path into YAML: `image.digest`, `charts[0].values.tag`,
 * `containers[name=checkout].image`, `annotations["example.com/version"]`.
 *
 * @throws InputError when it is none
 */
export function parseYamlPath(path: string): YamlPathPart[] {
  const parts: YamlPathPart[] = [];
  let at = 0;
  while (at < path.length) {
    PART.lastIndex = at;
    const match = PART.exec(path);
    if (!match) {
      throw new InputError(
        `'${path}' is no path into YAML; write it as in image.digest, charts[0].tag or containers[name=checkout].image`,
      );
    }
    const [all, key, quoted, index, field, value] = match;
    if (index !== undefined) {
      parts.push({ index: Number(index) });
    } else if (field !== undefined) {
      parts.push({ field, value });
    } else {
      parts.push({ key: key ?? quoted });
    }
    at += all.length;
  }
  return parts;
}
