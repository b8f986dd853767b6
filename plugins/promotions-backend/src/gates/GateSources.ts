import { type Entity } from '@backstage/catalog-model';
import { type CommitAuthor } from '@portico/plugin-git-host-node';
import {
  type Dependants,
  type Deployment,
  type LineStop,
  type Observation,
  type Promotion,
  type Vote,
} from '@portico/plugin-promotions-common';
import { type DirectoryMember } from '@portico/plugin-tenancy-node';

/** A component of a tenant, by its ref. */
export interface ComponentAddress {
  tenant: string;
  component: string;
}

/** Where the facts come from that gates look at. Each is read anew whenever a gate asks. */
export interface GateSources {
  /** Oldest first, of all subjects. */
  votes(promotion: { tenant: string; id: string }): Promise<Vote[]>;
  /** The members of a tenant as the directory says now. */
  members(tenant: string): Promise<DirectoryMember[]>;
  /**
   * Who wrote what is new in a promotion: see `readPromotionAuthors`.
   *
   * @throws Error when the commits cannot be read
   */
  authors(of: {
    tenant: string;
    promotion: Promotion;
  }): Promise<CommitAuthor[]>;
  /** Stops that are not lifted, the platform's included. */
  stops(tenant: string): Promise<LineStop[]>;
  /** Newest first, at most 100. */
  deployments(
    of: ComponentAddress & { environment: string },
  ): Promise<Deployment[]>;
  /** Undefined where nothing can be observed, as with plain Git. */
  observe(
    of: ComponentAddress & { environment: string; signal: AbortSignal },
  ): Promise<Observation | undefined>;
  /** The component as the catalog has it. */
  component(of: ComponentAddress): Promise<Entity>;
  /** What depends on the component: see `readDependants`. */
  dependants(of: ComponentAddress): Promise<Dependants>;
}
