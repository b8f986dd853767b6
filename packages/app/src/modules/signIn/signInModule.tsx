import { createFrontendModule } from '@backstage/frontend-plugin-api';
import { SignInPageBlueprint } from '@backstage/plugin-app-react';

// Every visit begins with it: it comes while the rest of the app is still evaluated.
const loading = import('./SignInPage').then(m => m.SignInPage);
// Whoever asks for it gets the error; until then nobody has to.
loading.catch(() => {});

const signInPage = SignInPageBlueprint.make({
  params: { loader: () => loading },
});

/** Sign-in by what `auth.providers` offers. */
export const signInModule = createFrontendModule({
  pluginId: 'app',
  extensions: [signInPage],
});
