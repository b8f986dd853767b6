import { createTranslationRef } from '@backstage/frontend-plugin-api';

/** Every text of the pages of delivery. */
export const promotionsTranslationRef = createTranslationRef({
  id: 'plugin.promotions',
  messages: {
    noAccess: {
      title: 'You have no access to delivery',
      description:
        'Members of a tenant see the deliveries of their tenant. Ask an administrator of your tenant for a role.',
    },
  },
});
