import { NotAllowedError } from '@backstage/errors';
import { type VotingActor } from './PromotionService';

/** @throws NotAllowedError for a machine */
export function assertPerson({ kind }: VotingActor, what: string): void {
  if (kind !== 'person') {
    throw new NotAllowedError(`Only people ${what}, a machine never does`);
  }
}
