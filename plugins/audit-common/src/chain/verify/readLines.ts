import { isUtf8 } from 'node:buffer';
import { ProblemFound } from './VerificationProblem';

const NEWLINE = 0x0a;

/** No line of a bundle comes near; more would only fill the memory. */
const MAXIMUM_LINE_BYTES = 64 * 1024 * 1024;

/** Whole lines, many at once. */
export interface LineBlock {
  lines: string[];
  /** False for a last line without a newline at its end. */
  terminated: boolean;
}

/**
 * Splits bytes into lines. The texts stand for exactly these bytes: what is not UTF-8
 * is refused, not replaced.
 *
 * @throws ProblemFound for a line that is too long or not UTF-8
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<LineBlock> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of chunks) {
    const bytes =
      typeof chunk === 'string'
        ? Buffer.from(chunk)
        : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield {
        lines: toLines(Buffer.concat([...rest, bytes.subarray(0, end)])),
        terminated: true,
      };
      rest = [];
      restBytes = 0;
    }
    if (end < bytes.length) {
      rest.push(bytes.subarray(end));
      restBytes += bytes.length - end;
    }
    if (restBytes > MAXIMUM_LINE_BYTES) {
      throw new ProblemFound({
        kind: 'malformed',
        sentence: `A line has more than ${MAXIMUM_LINE_BYTES} bytes: this is no bundle of the audit`,
      });
    }
  }
  if (restBytes > 0) {
    yield {
      lines: toLines(Buffer.concat([...rest, Buffer.from('\n')])),
      terminated: false,
    };
  }
}

/** @param block - ends with a newline */
function toLines(block: Buffer): string[] {
  if (!isUtf8(block)) {
    throw new ProblemFound({
      kind: 'malformed',
      sentence:
        'The bundle has bytes that are not UTF-8: it was changed, or is no bundle of the audit',
    });
  }
  const lines = block.toString('utf8').split('\n');
  lines.pop();
  return lines;
}
