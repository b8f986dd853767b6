import { useRouteRef } from '@backstage/frontend-plugin-api';
import { type EntryPlace } from '../api/AuditApi';
import { type View, writeView } from '../content/addressQuery';
import { entriesRouteRef, entryRouteRef, evidenceRouteRef } from '../routes';

/** Addresses of the pages of this plugin. */
export function useAuditLinks() {
  const entriesRoute = useRouteRef(entriesRouteRef);
  const evidenceRoute = useRouteRef(evidenceRouteRef);
  const entryRoute = useRouteRef(entryRouteRef);
  return {
    entries: (view: View = {}) => {
      const query = writeView(view).toString();
      return `${entriesRoute?.() ?? '/audit/entries'}${query && `?${query}`}`;
    },
    evidence: (chain?: string) =>
      `${evidenceRoute?.() ?? '/audit/evidence'}${
        chain ? `?chain=${encodeURIComponent(chain)}` : ''
      }`,
    entry: ({ chain, sequence }: EntryPlace) =>
      entryRoute?.({ chain, sequence: String(sequence) }) ??
      `/audit/${chain}/${sequence}`,
  };
}
