import { type ComponentType } from 'react';
import { createExtensionDataRef } from '@backstage/frontend-plugin-api';
import { type Me } from '@portico/plugin-tenancy-common';

/** What a part of the inbox is given. */
export interface InboxPartProps {
  /** Who looks, and for which tenant. */
  me: Me;
  /**
   * To be called once the part knows how many things wait; without a number where it
   * failed, which it says itself. Until then the inbox shows that it loads.
   */
  onSettled(count?: number): void;
}

/** One kind of thing that may wait for a person. */
export type InboxPart = ComponentType<InboxPartProps>;

/** How an extension hands a part of the inbox to the home page. */
export const inboxPartDataRef = createExtensionDataRef<InboxPart>().with({
  id: 'portico-home.inbox-part',
});
