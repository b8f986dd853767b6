import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';

const signInPage = SignInPageBlueprint.make({
  params: {
    loader: () => import('./SignInPage').then(m => m.SignInPage),
  },
});

/** Sign-in by what `auth.providers` offers. */
export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [signInPage],
});
