import {
  createFrontendModule,
  NotFoundErrorPage,
  PageLayout,
} from '@backstage/frontend-plugin-api';
import { SwappableComponentBlueprint } from '@backstage/plugin-app-react';
import { NotFoundPage } from './NotFoundPage';
import { PorticoPageLayout } from './PorticoPageLayout';

const pageLayout = SwappableComponentBlueprint.make({
  name: 'core-page-layout',
  params: define =>
    define({ component: PageLayout, loader: () => PorticoPageLayout }),
});

const notFoundPage = SwappableComponentBlueprint.make({
  name: 'core-not-found-error-page',
  params: define =>
    define({ component: NotFoundErrorPage, loader: () => NotFoundPage }),
});

/** The head of every page: one landmark, one heading, its path and its sections. */
export const pageLayoutModule = createFrontendModule({
  pluginId: 'app',
  extensions: [pageLayout, notFoundPage],
});
