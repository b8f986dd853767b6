import { InputError } from '@backstage/errors';

/**
 * A message with its trailers.
 *
 * @throws InputError for a trailer that is not one line
 */
export function withTrailers(
  message: string,
  trailers: Readonly<Record<string, string>>,
): string {
  const lines = Object.entries(trailers).map(([name, value]) => {
    if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name) || /[\r\n\0]/.test(value)) {
      throw new InputError(
        `'${name}' is no trailer of one line; use letters and hyphens for its name and one line for its value`,
      );
    }
    return `${name}: ${value}`;
  });
  return `${message.trim()}\n\n${lines.join('\n')}\n`;
}

/** Whether the last paragraph of a message has this trailer. */
export function hasTrailer(
  message: string,
  { name, value }: { name: string; value: string },
): boolean {
  return lastLines(message).some(line => line.trim() === `${name}: ${value}`);
}

/** The trailers of a message, the first of each name. */
export function trailersOf(message: string): Record<string, string> {
  const found = lastLines(message).flatMap(line => {
    const [, name, value] =
      /^([A-Za-z][A-Za-z0-9-]{0,99}):[ \t]+(\S.*)$/.exec(line.trim()) ?? [];
    return name !== undefined && value !== undefined
      ? [[name, value] as const]
      : [];
  });
  return Object.fromEntries(found.reverse());
}

/** The lines of the last paragraph, without the subject. */
function lastLines(message: string): string[] {
  const paragraphs = message
    .replace(/\r\n/g, '\n')
    .trim()
    .split(/\n[ \t]*\n/);
  return paragraphs.length > 1 ? (paragraphs.at(-1) ?? '').split('\n') : [];
}
