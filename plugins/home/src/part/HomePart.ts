import { type ComponentType } from 'react';
import { createExtensionDataRef } from '@backstage/frontend-plugin-api';
import { type Me } from '@portico/plugin-tenancy-common';

/** What a part of the home page is given. */
export interface HomePartProps {
  /** Who looks, and for which tenant. */
  me: Me;
  /** Refs of the person, their groups and the groups below those. */
  owners: readonly string[];
  /**
   * To be called once the part will not grow any more by itself, also where it shows
   * nothing. What stands below it is not shown before.
   */
  onReady(): void;
}

/** A part of the home page that another plugin brings. */
export type HomePart = ComponentType<HomePartProps>;

/** How an extension hands a part to the home page. */
export const homePartDataRef = createExtensionDataRef<HomePart>().with({
  id: 'portico-home.part',
});
