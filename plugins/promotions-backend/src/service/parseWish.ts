import { InputError } from '@backstage/errors';
import { z } from 'zod';

/** @throws InputError that names each field that is wrong */
export function parseWish<T>(schema: z.ZodType<T>, wish: unknown): T {
  const result = schema.safeParse(wish);
  if (!result.success) {
    throw new InputError(z.prettifyError(result.error));
  }
  return result.data;
}
