import { type Canaries } from './Canaries';
import { type Principal } from '../principals/Principal';
import { type Things } from './Things';

/** One tenant of the suite, with all that it has. */
export interface WorldTenant {
  id: string;
  /** Of an empty tenant, names that it does not have. */
  things: Things;
  canaries: Canaries;
  /** Texts that only holders may know: no answer and no log line shows them again. */
  secrets: string[];
  isEmpty: boolean;
}

/** The tenants of a portal that the suite made, and who can act in them. */
export interface World {
  tenants: WorldTenant[];
  /** The platform's people, whom no tenant sees. */
  platform: Pick<WorldTenant, 'id' | 'canaries'>;
  principals: Principal[];
}
