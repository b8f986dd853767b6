import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import {
  MOST_BODY_BYTES,
  type TryOutResult,
} from '@portico/plugin-api-try-out-common';
import { type OutgoingRequest } from './checkRequest';

const MOST_SHOWN_HEADERS = 100;

/**
 * Sends a request to an address that was checked, whatever its name leads to now, and
 * follows no redirect.
 */
export async function sendRequest(
  outgoing: OutgoingRequest,
  to: { address: string; family: number },
  timeoutMs: number,
): Promise<TryOutResult> {
  const started = performance.now();
  const milliseconds = () => Math.round(performance.now() - started);
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await open(outgoing, to, timeout);
    const { chunks, cut } = await read(answer);
    const body = Buffer.concat(chunks);
    const text = textOf(body, cut);
    return {
      outcome: 'answered',
      url: outgoing.shownUrl,
      status: answer.statusCode ?? 0,
      statusText: answer.statusMessage ?? '',
      headers: headersOf(answer),
      ...(text !== undefined && { text }),
      bytes: body.length,
      cut,
      milliseconds: milliseconds(),
    };
  } catch (error) {
    return {
      outcome: 'failed',
      url: outgoing.shownUrl,
      reason: timeout.aborted
        ? `The server did not answer within ${timeoutMs / 1000} s.`
        : reasonOf(error),
      milliseconds: milliseconds(),
    };
  }
}

function open(
  outgoing: OutgoingRequest,
  to: { address: string; family: number },
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const { url, method, headers, body } = outgoing;
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = send(
      url,
      {
        method,
        headers: {
          ...headers,
          ...(body !== undefined && {
            'content-length': String(Buffer.byteLength(body)),
          }),
        },
        // A connection of its own, to the checked address.
        agent: false,
        lookup: (_host, options, callback) => {
          if (options.all) {
            callback(null, [to]);
          } else {
            callback(null, to.address, to.family);
          }
        },
        signal,
        maxHeaderSize: 32 * 1024,
      },
      resolve,
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

async function read(
  answer: IncomingMessage,
): Promise<{ chunks: Buffer[]; cut: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    const left = MOST_BODY_BYTES - bytes;
    if (chunk.length > left) {
      chunks.push(chunk.subarray(0, left));
      answer.destroy();
      return { chunks, cut: true };
    }
    bytes += chunk.length;
    chunks.push(chunk);
  }
  return { chunks, cut: false };
}

/** The body as text, where it is such. */
function textOf(body: Buffer, cut: boolean): string | undefined {
  try {
    // A cut may go through a character.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body, {
      stream: cut,
    });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function headersOf(answer: IncomingMessage): Array<[string, string]> {
  const headers: Array<[string, string]> = [];
  const raw = answer.rawHeaders;
  for (
    let index = 0;
    index + 1 < raw.length && headers.length < MOST_SHOWN_HEADERS;
    index += 2
  ) {
    const name = raw[index].toLowerCase();
    // A cookie is a secret of whoever asked, and no use on a page.
    headers.push([name, name === 'set-cookie' ? '[left out]' : raw[index + 1]]);
  }
  return headers;
}

/** Words for what the system says; they name no address. */
function reasonOf(error: unknown): string {
  const code =
    typeof error === 'object' && error !== null && 'code' in error
      ? String(error.code)
      : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing listens at the server’s address.';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'The server ended the connection.';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return 'The server cannot be reached from the portal.';
    default:
      return code === ''
        ? 'The server did not answer as HTTP servers do.'
        : `The connection failed (${code}).`;
  }
}
