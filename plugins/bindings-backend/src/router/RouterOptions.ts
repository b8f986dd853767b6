import { type BindingsStores } from '../createStores';
import { type BindingsAccess } from './BindingsAccess';

/** What the routes of the bindings work with. */
export interface RouterOptions extends BindingsStores {
  access: BindingsAccess;
}
