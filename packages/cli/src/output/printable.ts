/**
 * Text from elsewhere, made safe for a terminal: control characters could move the
 * cursor, recolour or rewrite what was printed before.
 */
export function printable(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex -- these are what has to go
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    '\ufffd',
  );
}
