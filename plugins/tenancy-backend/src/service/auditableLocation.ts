import { type JsonObject } from '@backstage/types';
import { type SourceLocation } from '@portico/plugin-tenancy-common';

/** A location as the audit shows it: without what may be a secret in an address. */
export function auditableLocation(location: SourceLocation): JsonObject {
  switch (location.kind) {
    case 'repository':
      return { ...location };
    case 'url': {
      const url = new URL(location.url);
      return { kind: 'url', url: `${url.origin}${url.pathname}` };
    }
    default: {
      const unknown: never = location;
      throw new Error(`Unknown location ${JSON.stringify(unknown)}`);
    }
  }
}
