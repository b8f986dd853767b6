import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** The texts of the search page. */
export const searchPageTranslationRef = createTranslationRef({
  id: 'search.portico',
  messages: {
    label: 'Search the portal',
    type: 'Kind of result',
    types: {
      all: 'Everything',
      'software-catalog': 'Catalog',
      techdocs: 'Docs',
    },
    kind: 'Kind of entity',
    anyKind: 'Any kind',
    kinds: {
      Component: 'Components',
      API: 'APIs',
      Resource: 'Resources',
      System: 'Systems',
      Domain: 'Domains',
      Template: 'Templates',
      Group: 'Groups',
      User: 'People',
    },
    hint: 'Search names, descriptions and docs.',
    hintTypos:
      'Parts of words and small slips are fine: “order”, “warehouse”, “chekout”.',
    none: 'Nothing found for “{{text}}”',
    noneHint: 'Check the spelling, use fewer words, or look for everything.',
    corrected:
      'Nothing found for “{{text}}”. These are the results for “{{corrected}}”.',
    results: 'Results for “{{text}}”',
    failed: 'The search did not answer',
    document: 'Docs',
    owner: 'owned by {{owner}}',
    platform: 'Platform',
    inCatalog: 'Filter the catalog by “{{text}}”',
    loading: 'Searching',
    previous: 'Previous',
    next: 'Next',
    pages: 'Pages of results',
  },
});
