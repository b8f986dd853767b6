import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the board of a tenant. */
export const boardTranslationRef = createTranslationRef({
  id: 'plugin.promotions.board',
  messages: {
    title: 'Where everything is',
    component: 'Component',
    owner: 'Owner',
    anyOwner: 'All owners',
    ownedBy: 'Owned by {{owner}}',
    nothing: 'Nothing yet',
    sampleOnly: 'Only sample deployments of the demo',
    behind_one: '{{count}} release behind',
    behind_other: '{{count}} releases behind',
    drift_one: '{{count}} drift',
    drift_other: '{{count}} drifts',
    driftNamed_one: '{{count}} drift of {{component}} in {{environment}}',
    driftNamed_other: '{{count}} drifts of {{component}} in {{environment}}',
    held: 'Automation on hold',
    promotion: '{{phase}}: the promotion of {{component}} to {{environment}}',
    emptyTitle: 'Nothing is delivered here yet',
    empty:
      'Components appear here with their first release: push to a repository that the local runtime builds, or announce releases from CI.',
    emptyOfOwnerTitle: 'This owner delivers nothing',
    emptyOfOwner: 'Choose another owner, or all of them.',
    allOwners: 'All owners',
    shown_one: '{{count}} component',
    shown_other: '{{count}} components',
    shownFirst: 'The first {{count}} components',
    more: 'More components',
    loading: 'Loading',
  },
});
