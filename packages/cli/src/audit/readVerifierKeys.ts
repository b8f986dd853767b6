import { readFile } from 'node:fs/promises';
import {
  parseVerifierKey,
  type VerifierKey,
} from '@portico/plugin-audit-common/chain';
import { describeError } from '../output/describeError';
import { UsageError } from '../output/UsageError';

/**
 * Reads verifier keys: each given one is a key itself, or a file with one per line.
 *
 * @throws UsageError when one is malformed or a file cannot be read
 */
export async function readVerifierKeys(
  given: readonly string[],
): Promise<VerifierKey[]> {
  const texts = await Promise.all(given.map(readTexts));
  return texts.flat().map(text => {
    try {
      return parseVerifierKey(text);
    } catch (error) {
      throw new UsageError(`--key: ${describeError(error)}`);
    }
  });
}

async function readTexts(given: string): Promise<string[]> {
  // The key itself: <name>+<eight hexadecimal digits>+<base64>.
  if (/\+[0-9a-f]{8}\+/.test(given)) {
    return [given];
  }
  let content: string;
  try {
    content = await readFile(given, 'utf8');
  } catch (error) {
    throw new UsageError(
      `--key is neither a verifier key nor a file that can be read: ${describeError(
        error,
      )}`,
    );
  }
  const lines = content
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'));
  if (lines.length === 0) {
    throw new UsageError(`--key: the file ${given} has no key in it`);
  }
  return lines;
}
