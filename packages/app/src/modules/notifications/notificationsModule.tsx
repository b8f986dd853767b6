import { createFrontendModule } from '@backstage/frontend-plugin-api';
import notificationsPlugin from '@backstage/plugin-notifications/alpha';

/**
 * The stock page waits for signals to learn of anything new, and there are none here;
 * this one asks again by itself.
 */
const notificationsPage = notificationsPlugin
  .getExtension('page:notifications')
  .override({
    factory: originalFactory =>
      originalFactory({
        params: {
          loader: () =>
            import('./NotificationsPage').then(m => <m.NotificationsPage />),
        },
      }),
  });

/** The page of notifications. */
export const notificationsModule = createFrontendModule({
  pluginId: 'notifications',
  extensions: [notificationsPage],
});
