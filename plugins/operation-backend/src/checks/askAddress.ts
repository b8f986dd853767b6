import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

const MOST_BYTES = 256 * 1024;

/** What an address answered. */
export interface AddressAnswer {
  status: number;
  /** By its own clock, where it says. */
  at: Date | undefined;
  body: string;
}

/**
 * Asks an address of the configuration once, without credentials. No redirect is followed,
 * and no more than 256 KiB are read.
 *
 * @throws Error when there is no answer before the signal aborts
 */
export async function askAddress(
  url: string,
  options: { signal: AbortSignal; certificateAuthority?: string },
): Promise<AddressAnswer> {
  const request =
    new URL(url).protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        signal: options.signal,
        ca: options.certificateAuthority,
        agent: false,
      },
      answer => {
        let body = '';
        answer.setEncoding('utf8');
        answer.on('data', (part: string) => {
          body += part;
          if (body.length > MOST_BYTES) {
            answer.destroy(new Error('The answer is too large'));
          }
        });
        answer.on('error', reject);
        answer.on('end', () => {
          const { date } = answer.headers;
          resolve({
            status: answer.statusCode ?? 0,
            at: date === undefined ? undefined : new Date(date),
            body,
          });
        });
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}
