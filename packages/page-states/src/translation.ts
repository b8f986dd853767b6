import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the states of a page. */
export const pageStatesTranslationRef = createTranslationRef({
  id: 'portico.page-states',
  messages: {
    loading: 'Loading',
    retry: 'Try again',
    absentTitle: 'Not found',
    absentText: 'There is nothing here, or it is not yours to see.',
    noAccessTitle: 'You may not see this',
    noAccessText:
      'Your roles do not include it. An administrator of your organisation can give you one that does.',
    failedTitle: 'This could not be loaded',
    failedText: 'The portal gave no reason. Try again in a moment.',
  },
});
