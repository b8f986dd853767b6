import { createHash } from 'crypto';
import { type JsonValue } from '@backstage/types';
import { canonicalJson } from '@portico/plugin-audit-common/chain';

/** `sha256:…` over the canonical JSON (RFC 8785) of what was sent. */
export function payloadDigest(payload: JsonValue): string {
  const digest = createHash('sha256').update(canonicalJson(payload));
  return `sha256:${digest.digest('hex')}`;
}
