import { type Readable } from 'node:stream';
import { UsageError } from '../output/UsageError';

/** No token comes near. */
const MAX_BYTES = 64 * 1024;

/**
 * A secret from the environment, else from standard input; never from the command line,
 * where other users of the machine see it.
 *
 * @throws UsageError when there is none, or when standard input is a terminal, which
 *   would show it
 */
export async function readSecret(
  input: Readable & { isTTY?: boolean },
  fromEnvironment: string | undefined,
): Promise<string> {
  if (fromEnvironment !== undefined && fromEnvironment !== '') {
    return fromEnvironment;
  }
  if (input.isTTY) {
    throw new UsageError(
      'Pipe the secret into this command, or set PORTICO_CREDENTIAL: a terminal would show it',
    );
  }
  let text = '';
  for await (const chunk of input) {
    text += String(chunk);
    if (text.length > MAX_BYTES) {
      throw new UsageError('Standard input is no secret: it is too long');
    }
  }
  const secret = text.replace(/\r?\n$/, '');
  if (secret === '') {
    throw new UsageError(
      'There is no secret: pipe it into this command, or set PORTICO_CREDENTIAL',
    );
  }
  return secret;
}
