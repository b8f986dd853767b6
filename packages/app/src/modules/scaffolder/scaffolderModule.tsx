import { lazy } from 'react';
import {
  coreExtensionData,
  createFrontendModule,
} from '@backstage/frontend-plugin-api';
import scaffolderPlugin from '@backstage/plugin-scaffolder/alpha';

const TemplatesSubPage = lazy(() =>
  import('./TemplatesSubPage').then(m => ({ default: m.TemplatesSubPage })),
);

/** The stock sub-page keeps the form of a template; its list is Portico's. */
const templatesSubPage = scaffolderPlugin
  .getExtension('sub-page:scaffolder/templates')
  .override({
    *factory(originalFactory) {
      const original = originalFactory();
      yield* original;
      yield coreExtensionData.reactElement(
        <TemplatesSubPage
          form={original.get(coreExtensionData.reactElement)}
        />,
      );
    },
  });

/** The stock cards of templates are links inside of buttons; this list is not. */
export const scaffolderModule = createFrontendModule({
  pluginId: 'scaffolder',
  extensions: [templatesSubPage],
});
