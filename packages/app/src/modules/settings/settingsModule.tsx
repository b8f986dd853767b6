import { createFrontendModule } from '@backstage/frontend-plugin-api';
import userSettingsPlugin from '@backstage/plugin-user-settings/alpha';

/**
 * The stock sub-page shows the ref of the person and a sidebar that is not there; this
 * one shows who one is, for whom, and what the portal looks and sounds like.
 */
const generalSubPage = userSettingsPlugin
  .getExtension('sub-page:user-settings/general')
  .override({
    factory: originalFactory =>
      originalFactory({
        params: {
          loader: () =>
            import('./GeneralSettings').then(m => <m.GeneralSettings />),
        },
      }),
  });

/** The settings of a person. */
export const settingsModule = createFrontendModule({
  pluginId: 'user-settings',
  extensions: [generalSubPage],
});
