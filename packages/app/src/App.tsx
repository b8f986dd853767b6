import { createApp } from '@backstage/frontend-defaults';
import { apiDocsModule } from './modules/apiDocs';
import { catalogModule } from './modules/catalog';
import { navModule } from './modules/nav';
import { notificationsModule } from './modules/notifications';
import { pageLayoutModule } from './modules/pageLayout';
import { scaffolderModule } from './modules/scaffolder';
import { searchModule } from './modules/search';
import { settingsModule } from './modules/settings';
import { shellModule } from './modules/shell';
import { signInModule } from './modules/signIn';
import { storageModule } from './modules/storage';
import { techdocsModule } from './modules/techdocs';
import { themeModule } from './modules/theme';

/** Portico's app: the plugins of package.json and the modules of this package. */
export const app = createApp({
  features: [
    apiDocsModule,
    catalogModule,
    navModule,
    notificationsModule,
    pageLayoutModule,
    scaffolderModule,
    searchModule,
    settingsModule,
    shellModule,
    signInModule,
    storageModule,
    techdocsModule,
    themeModule,
  ],
});
