import { isError, ServiceUnavailableError } from '@backstage/errors';

const MOST_BYTES = 1024 * 1024;

class TooLargeError extends Error {
  override name = 'TooLargeError';
}

/** What another system answered. */
export interface JsonAnswer {
  status: number;
  /** Undefined where it was no JSON. */
  body: unknown;
}

/**
 * Asks another system over HTTP and reads its JSON: bounded in time and size, no redirects,
 * so that a credential stays where it belongs. What it says of trouble names the host only.
 *
 * @throws ServiceUnavailableError when it does not answer, not in time, or too much
 */
export async function askJson(options: {
  /** For people, as in "the OPA server main". */
  who: string;
  url: URL;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  timeoutMilliseconds: number;
  mostBytes?: number;
}): Promise<JsonAnswer> {
  const { who, url, method, headers, body, timeoutMilliseconds } = options;
  try {
    const response = await fetch(url, {
      method,
      redirect: 'error',
      headers: { accept: 'application/json', ...headers },
      ...(body !== undefined && { body }),
      signal: AbortSignal.any([
        options.signal,
        AbortSignal.timeout(timeoutMilliseconds),
      ]),
    });
    return {
      status: response.status,
      body: parseJson(
        await readBounded(response, options.mostBytes ?? MOST_BYTES),
      ),
    };
  } catch (error) {
    throw new ServiceUnavailableError(
      `${who} at ${url.host} does not answer as it should: ${reasonOf(
        error,
        timeoutMilliseconds,
      )}`,
    );
  }
}

async function readBounded(
  response: Response,
  mostBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > mostBytes) {
      throw new TooLargeError(`it says more than ${mostBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Messages of the network can hold addresses; codes cannot. */
function reasonOf(error: unknown, timeoutMilliseconds: number): string {
  if (!isError(error)) {
    return 'nobody knows why';
  }
  if (error instanceof TooLargeError) {
    return error.message;
  }
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return `it took longer than ${timeoutMilliseconds / 1_000} s`;
  }
  const cause = isError(error.cause) ? error.cause : error;
  return typeof cause.code === 'string'
    ? cause.code
    : 'the connection broke off, or it sent us elsewhere';
}
