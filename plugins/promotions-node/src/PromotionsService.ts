import { createServiceRef } from '@backstage/backend-plugin-api';
import { type AuditContext } from '@portico/plugin-audit-node';
import {
  type AnnounceRelease,
  type Deployment,
  type Promotion,
  type Release,
  type RequestPromotion,
} from '@portico/plugin-promotions-common';

/** On whose behalf something is asked for. */
export interface PromotionActor {
  tenant: string;
  /** Ref of the user, or `plugin:<id>` for what Portico does by itself. */
  ref: string;
  context: AuditContext;
}

/**
 * Promotions for other backend parts in the same process. It checks rules and names, but
 * **not** permissions: who acts for a user asks for the user's permission first.
 */
export interface PromotionsService {
  /** The same content again answers with the release that is there. */
  announce(
    release: AnnounceRelease & { found?: Release['found'] },
    by: PromotionActor,
  ): Promise<Release>;
  /**
   * @throws InputError for what cannot be promoted there, ConflictError when a release was
   *   rejected, NotFoundError for an unknown component, environment or release
   */
  request(request: RequestPromotion, by: PromotionActor): Promise<Promotion>;
  get(address: { tenant: string; id: string }): Promise<Promotion | undefined>;
  /** Newest first, at most 100. */
  deployments(options: {
    tenant: string;
    component: string;
    environment?: string;
  }): Promise<Deployment[]>;
}

/** The engine; its factory comes with the promotions backend plugin. */
export const promotionsServiceRef = createServiceRef<PromotionsService>({
  id: 'portico.promotions',
  scope: 'root',
});
