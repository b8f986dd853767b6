import { InputError } from '@backstage/errors';

/** The text of a commit: its message and its trailers, each on a line. */
export function commitMessage(options: {
  message: string;
  trailers?: Record<string, string>;
}): string {
  const trailers = Object.entries(options.trailers ?? {}).map(
    ([key, value]) => {
      if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(key) || /[\r\n\0]/.test(value)) {
        throw new InputError(
          `'${key}' is no trailer of one line; use letters and hyphens for its name and one line for its value`,
        );
      }
      return `${key}: ${value}`;
    },
  );
  const message = options.message.replace(/\0/g, '').trim() || 'Update';
  return trailers.length > 0
    ? `${message}\n\n${trailers.join('\n')}\n`
    : `${message}\n`;
}

/** Git refuses an empty name and cuts marks that its format needs. */
export function personName(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is replaced
  return text.replace(/[\u0000-\u001f<>]/g, ' ').trim() || 'unknown';
}
