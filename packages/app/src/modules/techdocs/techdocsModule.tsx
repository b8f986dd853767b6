import {
  coreExtensionData,
  createFrontendModule,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { TechDocsAddonLocations } from '@backstage/plugin-techdocs-react';
import { AddonBlueprint } from '@backstage/plugin-techdocs-react/alpha';
import techdocsPlugin from '@backstage/plugin-techdocs/alpha';
import { ReadableLinks } from './ReadableLinks';

const readerPage = techdocsPlugin
  .getExtension('page:techdocs/reader')
  .override({
    *factory(originalFactory, { node }) {
      const original = originalFactory();
      yield* original;
      yield coreExtensionData.reactElement(
        ExtensionBoundary.lazy(node, async () => {
          const { DocsReaderPage } = await import('./DocsReaderPage');
          return (
            <DocsReaderPage
              built={original.get(coreExtensionData.reactElement)}
            />
          );
        }),
      );
    },
  });

const entityContent = techdocsPlugin
  .getExtension('entity-content:techdocs')
  .override({
    *factory(originalFactory, { node }) {
      const original = originalFactory();
      yield* original;
      yield coreExtensionData.reactElement(
        ExtensionBoundary.lazy(node, async () => {
          const { DocsEntityContent } = await import('./DocsEntityContent');
          return (
            <DocsEntityContent
              built={original.get(coreExtensionData.reactElement)}
            />
          );
        }),
      );
    },
  });

/** A list by owner in the place of the stock table. */
const indexPage = techdocsPlugin.getExtension('page:techdocs').override({
  *factory(originalFactory, { node }) {
    yield* originalFactory();
    yield coreExtensionData.reactElement(
      ExtensionBoundary.lazy(node, async () => {
        const { DocsIndexPage } = await import('./DocsIndexPage');
        return <DocsIndexPage />;
      }),
    );
  },
});

const readableLinks = AddonBlueprint.make({
  name: 'readable-links',
  params: {
    name: 'ReadableLinks',
    location: TechDocsAddonLocations.Content,
    component: ReadableLinks,
  },
});

/** Shows the documentation from the repository until its built form is published. */
export const techdocsModule = createFrontendModule({
  pluginId: 'techdocs',
  extensions: [indexPage, readerPage, entityContent, readableLinks],
});
