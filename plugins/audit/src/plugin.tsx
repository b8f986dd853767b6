import {
  ApiBlueprint,
  createFrontendPlugin,
  fetchApiRef,
  PageBlueprint,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';
import { RiFileShieldLine } from '@remixicon/react';
import { auditApiRef } from './api/AuditApi';
import { AuditClient } from './api/AuditClient';
import {
  entriesRouteRef,
  entryRouteRef,
  evidenceRouteRef,
  rootRouteRef,
} from './routes';

const auditApi = ApiBlueprint.make({
  params: defineParams =>
    defineParams({
      api: auditApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }) => new AuditClient({ fetchApi }),
    }),
});

const auditPage = PageBlueprint.make({
  params: {
    path: '/audit',
    title: 'Audit',
    icon: <RiFileShieldLine />,
    routeRef: rootRouteRef,
  },
});

const auditEntriesSubPage = SubPageBlueprint.make({
  name: 'entries',
  params: {
    path: 'entries',
    title: 'Entries',
    routeRef: entriesRouteRef,
    loader: () =>
      import('./components/entries/EntriesPage').then(m => <m.EntriesPage />),
  },
});

const auditEvidenceSubPage = SubPageBlueprint.make({
  name: 'evidence',
  params: {
    path: 'evidence',
    title: 'Evidence',
    routeRef: evidenceRouteRef,
    loader: () =>
      import('./components/evidence/EvidencePage').then(m => (
        <m.EvidencePage />
      )),
  },
});

const auditEntryPage = PageBlueprint.make({
  name: 'entry',
  params: {
    path: '/audit/:chain/:sequence',
    title: 'Audit',
    icon: <RiFileShieldLine />,
    routeRef: entryRouteRef,
    loader: () =>
      import('./components/entry/EntryPage').then(m => <m.EntryPage />),
  },
});

/** Who did what in the portal, and the evidence that nobody changed the record. */
export const auditPlugin = createFrontendPlugin({
  pluginId: 'audit',
  title: 'Audit',
  icon: <RiFileShieldLine />,
  info: { packageJson: () => import('../package.json') },
  extensions: [
    auditApi,
    auditPage,
    auditEntriesSubPage,
    auditEvidenceSubPage,
    auditEntryPage,
  ],
  routes: {
    root: rootRouteRef,
    entries: entriesRouteRef,
    evidence: evidenceRouteRef,
    entry: entryRouteRef,
  },
});
