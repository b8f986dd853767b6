const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * The deepest nesting of brackets in JSON, read from the raw bytes before anything is
 * parsed. Brackets inside of texts do not count; malformed JSON is left to the parser.
 */
export function jsonDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let insideText = false;
  for (let index = 0; index < bytes.length; index += 1) {
    const byte = bytes[index];
    if (insideText) {
      if (byte === BACKSLASH) {
        index += 1;
      } else if (byte === QUOTE) {
        insideText = false;
      }
    } else if (byte === QUOTE) {
      insideText = true;
    } else if (OPENING.has(byte)) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (CLOSING.has(byte)) {
      depth -= 1;
    }
  }
  return deepest;
}
