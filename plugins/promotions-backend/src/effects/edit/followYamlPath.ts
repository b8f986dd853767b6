import { isMap, isPair, isScalar, isSeq, type Pair } from 'yaml';
import { type YamlPathPart } from './yamlPath';

/** Where a path leads from a node: keys and places in lists, and the pair whose value it is. */
export function followYamlPath(
  root: unknown,
  parts: readonly YamlPathPart[],
): { keys: Array<string | number>; pair: Pair } | undefined {
  const keys: Array<string | number> = [];
  let node = root;
  let pair: Pair | undefined;
  for (const part of parts) {
    pair = undefined;
    if ('key' in part) {
      if (!isMap(node)) {
        return undefined;
      }
      pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === part.key,
      );
      if (!pair) {
        return undefined;
      }
      keys.push(part.key);
      node = pair.value;
      continue;
    }
    if (!isSeq(node)) {
      return undefined;
    }
    const index =
      'index' in part
        ? part.index
        : node.items.findIndex(
            item => isMap(item) && String(item.get(part.field)) === part.value,
          );
    if (index < 0 || index >= node.items.length) {
      return undefined;
    }
    keys.push(index);
    node = node.items[index];
  }
  return pair && isPair(pair) && isScalar(pair.value)
    ? { keys, pair }
    : undefined;
}
