import {
  coreExtensionData,
  ExtensionBoundary,
  PageLayout,
} from '@backstage/frontend-plugin-api';
import catalogPlugin from '@backstage/plugin-catalog/alpha';
import { RiShapesLine } from '@remixicon/react';
import { CreateLink } from './CreateLink';

const load = () => import('./CatalogList');

// Who opens the portal here needs the list next: it comes while the session does.
if (window.location.pathname === '/catalog') {
  load().catch(() => {});
}

/** Keeps the address and the inputs of the stock page, and shows Portico's list there. */
export const catalogPage = catalogPlugin.getExtension('page:catalog').override({
  *factory(originalFactory, { node }) {
    yield* originalFactory();
    yield coreExtensionData.reactElement(
      <PageLayout
        title="Catalog"
        icon={<RiShapesLine />}
        headerActions={[<CreateLink key="create" />]}
      >
        {ExtensionBoundary.lazy(node, () =>
          load().then(m => <m.CatalogList kind="component" />),
        )}
      </PageLayout>,
    );
  },
});
