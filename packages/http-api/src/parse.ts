import { InputError } from '@backstage/errors';
import { z } from 'zod';

/**
 * Checks what came from outside. The values themselves stay out of the error, because
 * one of them may be a secret.
 *
 * @param what - names it in the error, as in `The query`
 * @throws InputError that lists what is wrong and where
 */
export function parse<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
): z.output<T> {
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new InputError(`${what} is wrong: ${z.prettifyError(result.error)}`);
  }
  return result.data;
}
