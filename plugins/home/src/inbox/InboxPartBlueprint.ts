import {
  createExtensionBlueprint,
  ExtensionBoundary,
} from '@backstage/frontend-plugin-api';
import { type InboxPartProps, inboxPartDataRef } from './InboxPart';

/**
 * Adds one kind of thing to «Waits for you» on the home page. The component loads by
 * itself, shows what waits as an `InboxList`, and tells how many there are.
 */
export const InboxPartBlueprint = createExtensionBlueprint({
  kind: 'inbox-part',
  attachTo: { id: 'page:portico-home', input: 'inbox' },
  output: [inboxPartDataRef],
  dataRefs: { part: inboxPartDataRef },
  *factory(
    params: { loader: () => Promise<(props: InboxPartProps) => JSX.Element> },
    { node },
  ) {
    yield inboxPartDataRef(
      ExtensionBoundary.lazyComponent(node, params.loader),
    );
  },
});
