import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  isActing,
  isEnd,
  type Promotion,
} from '@portico/plugin-promotions-common';
import { type Stores } from '../store/openStores';
import { type StoredPromotion } from '../store/toPromotion';

/**
 * A promotion that nobody else changes until the transaction ends.
 *
 * @throws NotFoundError
 */
export async function lockedPromotion(
  stores: Stores,
  id: string,
): Promise<StoredPromotion> {
  const promotion = await stores.promotions.getLocked(id);
  if (!promotion) {
    throw new NotFoundError(`There is no promotion ${id}`);
  }
  return promotion;
}

/** @throws ConflictError when it has begun or ended */
export function assertNotBegun({ phase }: Promotion, what: string): void {
  if (isEnd(phase)) {
    throw new ConflictError(
      `The promotion is over (${phase}): it cannot ${what} any more`,
    );
  }
  if (isActing(phase)) {
    throw new ConflictError(
      `The promotion has begun: it cannot ${what} any more`,
    );
  }
}
