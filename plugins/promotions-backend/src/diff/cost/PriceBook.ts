import { type Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** What computing costs in a month, and who says so. */
const priceBookSchema = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a code such as EUR'),
  cpuCoreMonth: z.number().nonnegative(),
  memoryGibibyteMonth: z.number().nonnegative(),
  /** Where the prices come from, for people: `list price of 2026-10`. */
  source: z.string().min(3).max(200),
});
export type PriceBook = z.infer<typeof priceBookSchema>;

/**
 * The prices of `portico.promotions.prices`; undefined where none are configured.
 *
 * @throws InputError that says what is wrong
 */
export function readPriceBook(config: Config): PriceBook | undefined {
  const prices = config.getOptional('portico.promotions.prices');
  if (prices === undefined) {
    return undefined;
  }
  const parsed = priceBookSchema.safeParse(prices);
  if (!parsed.success) {
    throw new InputError(
      `portico.promotions.prices is wrong: ${z.prettifyError(parsed.error)}`,
    );
  }
  return parsed.data;
}
