import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Texts of the documentation pages. */
export const docsTranslationRef = createTranslationRef({
  id: 'app.portico.docs',
  messages: {
    build: {
      waiting: 'The pages wait to be built',
      building: 'The pages of the newest commit are being built',
      failed: 'The pages of commit {{commit}} could not be built',
      unavailable: 'Pages are not built on this machine',
      olderPages: 'The pages of an earlier commit are shown.',
      repository: 'The files of the repository are shown.',
      log: 'What MkDocs said',
      notes: 'Parts of the repository that are not used here',
    },
    index: {
      title: 'Docs',
      search: 'Find documentation',
      results: '{{number}} with documentation',
      empty: 'There is no documentation yet',
      emptyText:
        'An entity has documentation when its catalog file names it with the annotation backstage.io/techdocs-ref.',
      noneFound: 'Nothing fits “{{text}}”',
      noneFoundText: 'Search the whole portal for words inside of pages.',
      noOwner: 'Without an owner',
      yours: 'yours',
      kind: '{{kind}}, {{type}}',
      more: 'Only the first {{number}} are listed; search for others.',
    },
  },
});
