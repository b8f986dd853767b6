import { testKey, TestChain } from '../../../testUtils';
import { type ProblemKind } from '../VerificationProblem';
import { type VerificationOptions, verifyBundle } from '../verifyBundle';

export const SIZE = 600;
export const CHECKPOINTS = [100, 300, 512, 590];
export const key = testKey(1);
export const original = new TestChain({ size: SIZE });
/** The lines of a bundle in which all is right. */
export const lines = original.bundle({ checkpoints: CHECKPOINTS });
/** Index of the line of an entry. */
export const at = (sequence: number) =>
  1 + 1 + CHECKPOINTS.length + sequence - 1;
export const keptAt = (size: number, chain = original) => ({
  name: `${size}.checkpoint`,
  note: chain.checkpoint(size),
});

/** What somebody did to the bundle, and what the verifier has to say. */
export interface Tampering {
  kind: ProblemKind;
  what: string;
  sequence?: number;
  bundle: string[] | (() => Promise<string[]>);
  options?: Partial<VerificationOptions>;
  /** The last line has no newline. */
  torn?: true;
}

/** A copy of the bundle's lines, changed. */
export function changed(
  change: (copy: string[]) => void,
  of = lines,
): string[] {
  const copy = [...of];
  change(copy);
  return copy;
}

/** The bundle with other entries, and checkpoints of the original. */
export function withTexts(texts: readonly string[]): string[] {
  return [...lines.slice(0, at(1)), ...texts, ...lines.slice(at(SIZE) + 1)];
}

/** Edits one word of an entry. */
export const edit = (sequence: number) => (copy: string[]) => {
  copy[at(sequence)] = copy[at(sequence)].replace('as agreed', 'as Agreed');
};

export async function verify(
  bundle: readonly string[],
  options: Partial<VerificationOptions> = {},
  lastByte = '\n',
) {
  return verifyBundle(bytes(`${bundle.join('\n')}${lastByte}`), {
    keys: [key.verifier],
    ...options,
  });
}

/** The bytes of a text, in pieces as a file gives them. */
export async function* bytes(text: string, size = 10_000) {
  const buffer = Buffer.from(text);
  for (let start = 0; start < buffer.length; start += size) {
    yield buffer.subarray(start, start + size);
  }
}
