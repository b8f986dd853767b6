import { pathsOf } from '../portal/PortalClient';

/** A path of the promotions API. */
export const promotionsPath = pathsOf('promotions');
