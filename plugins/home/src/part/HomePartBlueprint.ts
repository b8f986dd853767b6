import {
  createExtensionBlueprint,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { homePartDataRef, type HomePartProps } from './HomePart';

/** Adds a part to the home page, below what one's groups own. */
export const HomePartBlueprint = createExtensionBlueprint({
  kind: 'home-part',
  attachTo: { id: 'page:portico-home', input: 'parts' },
  output: [homePartDataRef],
  dataRefs: { part: homePartDataRef },
  *factory(
    params: { loader: () => Promise<(props: HomePartProps) => JSX.Element> },
    { node },
  ) {
    yield homePartDataRef(ExtensionBoundary.lazyComponent(node, params.loader));
  },
});
