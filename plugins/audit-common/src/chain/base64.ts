import { InputError } from '@backstage/errors';

/**
 * The bytes of standard base64. One text only stands for the same bytes.
 *
 * @throws InputError for another form, or another length
 */
export function parseBase64(text: string, length?: number): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) {
    throw new InputError('A value is not in standard base64');
  }
  if (length !== undefined && bytes.length !== length) {
    throw new InputError(
      `A value in base64 has ${bytes.length} bytes, expected ${length}`,
    );
  }
  return bytes;
}
