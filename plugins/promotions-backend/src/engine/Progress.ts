import { type PromotionEvent } from '@portico/plugin-promotions-common';
import { type Stores } from '../store/openStores';
import { type Step } from './transit';

/** What a look at a promotion came to. */
export type Progress =
  | {
      kind: 'wait';
      reason: string;
      /** When looking again is worth it; in some minutes without. */
      until?: Date;
      /** Failed tries so far; none without. */
      attempts?: number;
      /** What is written down with it. */
      keep?(stores: Stores): Promise<void>;
    }
  | {
      kind: 'go';
      event: PromotionEvent;
      reason: string;
      /** When looking again is worth it; at once without. */
      until?: Date;
      more?: Pick<
        Step,
        'overridden' | 'declaredRevision' | 'supersededBy' | 'unlessNews'
      >;
      /** True when what it rests on changed in between; then nothing happens. */
      unless?(stores: Stores): Promise<boolean>;
      /** What is written down with it, in the same transaction. */
      keep?(stores: Stores): Promise<void>;
    };
