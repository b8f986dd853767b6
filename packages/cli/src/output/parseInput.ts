import { type z } from 'zod';
import { UsageError } from './UsageError';

/**
 * Checks what the user typed with the schema of the portal's API.
 *
 * @throws UsageError with what is wrong and what is expected
 */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    throw new UsageError(
      parsed.error.issues
        .map(issue => `${issue.path.join('.') || 'input'}: ${issue.message}`)
        .join('\n'),
    );
  }
  return parsed.data;
}
