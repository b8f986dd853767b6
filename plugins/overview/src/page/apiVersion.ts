import { type Entity } from '@backstage/catalog-model';
import { specText } from '../relations/relations';

/** Characters of a definition that are looked at: the version stands at its beginning. */
const LOOKED_AT = 4_000;

/** The version that the definition of an API gives itself (`info.version`). */
export function apiVersion(entity: Entity): string | undefined {
  const beginning = specText(entity, 'definition')?.slice(0, LOOKED_AT) ?? '';
  const json = /"info"\s*:\s*\{[^{}]*?"version"\s*:\s*"([^"]+)"/.exec(
    beginning,
  );
  if (json) {
    return json[1];
  }
  const info = /^\s*"?info"?\s*:\s*\{?([\s\S]*)/m.exec(beginning)?.[1] ?? '';
  return /^[\s{,]*"?version"?\s*:\s*["']?([^"'\s,}#]+)/m.exec(info)?.[1];
}
