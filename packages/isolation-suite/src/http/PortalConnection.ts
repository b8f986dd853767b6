import { Agent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type PortalAnswer, type PortalRequest } from './PortalAnswer';

const MOST_BYTES = 4 * 1024 * 1024;
const ANSWER_LIMIT_MILLISECONDS = 60_000;
/** A stream that never ends is read for so long. */
const STREAM_LIMIT_MILLISECONDS = 700;
/** A portal that limits its callers says how long to wait; so often it is asked again. */
const MOST_WAITS = 20;
const LONGEST_WAIT_SECONDS = 60;
const SERVER_SENT_EVENTS = 'text/event-stream';

/** Sends requests to a portal over kept connections, without changing a byte of them. */
export class PortalConnection {
  readonly #base: URL;
  readonly #agent: Agent;
  #sent = 0;

  constructor(portalUrl: string, options: { connections?: number } = {}) {
    this.#base = new URL(portalUrl);
    const settings = {
      keepAlive: true,
      maxSockets: options.connections ?? 8,
    };
    this.#agent =
      this.#base.protocol === 'https:'
        ? new HttpsAgent(settings)
        : new Agent(settings);
  }

  /** How many requests were sent. */
  get sent(): number {
    return this.#sent;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Never throws: what goes wrong is the answer's trouble. Waits where it is told to. */
  async send(message: PortalRequest): Promise<PortalAnswer> {
    let answer = await this.#send(message);
    for (let wait = 0; answer.status === 429 && wait < MOST_WAITS; wait += 1) {
      const seconds = Number(answer.headers['retry-after'] ?? 1);
      await delay(Math.min(seconds, LONGEST_WAIT_SECONDS) * 1_000);
      answer = await this.#send(message);
    }
    // A server may close a kept connection at the moment it is used again.
    return answer.trouble === 'ECONNRESET' && message.method === 'GET'
      ? this.#send(message)
      : answer;
  }

  #send(message: PortalRequest): Promise<PortalAnswer> {
    this.#sent += 1;
    const { method, path, upgrade } = message;
    const { content, type } = encodeBody(message.body);
    const headers: Record<string, string> = {
      host: this.#base.host,
      'accept-encoding': 'identity',
      ...(type && { 'content-type': type }),
      ...(content && { 'content-length': String(content.length) }),
      ...(upgrade && {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
      }),
      ...message.headers,
    };
    const send = this.#base.protocol === 'https:' ? httpsRequest : httpRequest;
    return new Promise(resolve => {
      const fail = (error: NodeJS.ErrnoException) =>
        resolve({
          status: 0,
          headers: {},
          body: '',
          trouble: error.code ?? error.message,
        });
      const sent = send({
        hostname: this.#base.hostname,
        port: this.#base.port,
        method,
        path,
        headers,
        agent: upgrade ? false : this.#agent,
        timeout: ANSWER_LIMIT_MILLISECONDS,
      });
      sent.on('error', fail);
      sent.on('timeout', () => sent.destroy(new Error('timeout')));
      sent.on('upgrade', (response, socket, head) => {
        socket.destroy();
        resolve({
          status: response.statusCode ?? 101,
          headers: plainHeaders(response),
          body: head.toString('utf8'),
        });
      });
      sent.on('response', response => {
        readAnswer(response, message, () => sent.destroy()).then(resolve, fail);
      });
      sent.end(content);
    });
  }
}

function encodeBody(body: unknown): { content?: Buffer; type?: string } {
  if (body === undefined) {
    return {};
  }
  if (Buffer.isBuffer(body)) {
    return { content: body };
  }
  return {
    content: Buffer.from(
      typeof body === 'string' ? body : JSON.stringify(body),
    ),
    type: 'application/json',
  };
}

function plainHeaders(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join('\n') : value ?? '',
    ]),
  );
}

async function readAnswer(
  response: IncomingMessage,
  message: PortalRequest,
  hangUp: () => void,
): Promise<PortalAnswer> {
  const headers = plainHeaders(response);
  const chunks: Buffer[] = [];
  let size = 0;
  let isCut = false;
  const isStream = (headers['content-type'] ?? '').includes(SERVER_SENT_EVENTS);
  const cut = () => {
    isCut = true;
    hangUp();
  };
  const timer = isStream
    ? setTimeout(cut, STREAM_LIMIT_MILLISECONDS)
    : undefined;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MOST_BYTES) {
        cut();
        break;
      }
    }
  } catch (error) {
    if (!isCut) {
      throw error;
    }
  } finally {
    clearTimeout(timer);
  }
  const bytes = Buffer.concat(chunks);
  return {
    status: response.statusCode ?? 0,
    headers,
    body: message.method === 'HEAD' ? '' : readText(bytes),
  };
}

/** Archives are looked into as well. */
function readText(bytes: Buffer): string {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    try {
      return gunzipSync(bytes, { maxOutputLength: MOST_BYTES }).toString(
        'utf8',
      );
    } catch {
      return bytes.toString('latin1');
    }
  }
  return bytes.toString('utf8');
}
