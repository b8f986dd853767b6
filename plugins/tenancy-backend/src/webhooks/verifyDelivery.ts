import { createHash, createHmac, timingSafeEqual } from 'crypto';
import { type IncomingHttpHeaders } from 'http';

/** How far a signed time may lie from now, in seconds. */
const TOLERANCE = 300;

const MOST_ID_CHARACTERS = 200;

/** A delivery whose signature is right. */
export interface VerifiedDelivery {
  id: string;
  /** Set where the signature does not cover the id, which anybody could then replace. */
  bodyDigest?: Buffer;
}

/**
 * Checks the signature of a webhook on its raw body, in the forms of Standard
 * Webhooks (also GitLab's signing token), GitHub, Gitea and GitLab's secret token.
 * All comparisons take the same time whatever the difference.
 *
 * @param secret - `whsec_` and base64; Standard Webhooks sign with the decoded bytes,
 *   the others with the text
 * @returns undefined when signature, time or delivery id are missing or wrong
 */
export function verifyDelivery(options: {
  headers: IncomingHttpHeaders;
  body: Buffer;
  secret: string;
  now: Date;
}): VerifiedDelivery | undefined {
  const { headers, body, secret } = options;
  if (headers['webhook-signature'] !== undefined) {
    return verifyStandardWebhook(options);
  }
  const signature =
    /^sha256=([0-9a-f]{64})$/.exec(text(headers['x-hub-signature-256']))?.[1] ??
    /^[0-9a-f]{64}$/.exec(text(headers['x-gitea-signature']))?.[0];
  if (signature !== undefined) {
    return timingSafeEqual(hmac(secret, body), Buffer.from(signature, 'hex'))
      ? unsignedId(
          headers['x-github-delivery'] ?? headers['x-gitea-delivery'],
          body,
        )
      : undefined;
  }
  if (headers['x-gitlab-token'] !== undefined) {
    // Equal lengths for the comparison: the digests of both.
    return timingSafeEqual(
      sha256(text(headers['x-gitlab-token'])),
      sha256(secret),
    )
      ? unsignedId(
          headers['idempotency-key'] ?? headers['x-gitlab-event-uuid'],
          body,
        )
      : undefined;
  }
  return undefined;
}

/** Tells whether a request carries a signature in any form at all. */
export function isSigned(headers: IncomingHttpHeaders): boolean {
  return [
    'webhook-signature',
    'x-hub-signature-256',
    'x-gitea-signature',
    'x-gitlab-token',
  ].some(name => headers[name] !== undefined);
}

function verifyStandardWebhook(options: {
  headers: IncomingHttpHeaders;
  body: Buffer;
  secret: string;
  now: Date;
}): VerifiedDelivery | undefined {
  const { headers, body, secret, now } = options;
  const id = text(headers['webhook-id']);
  const timestamp = text(headers['webhook-timestamp']);
  const age = now.getTime() / 1000 - Number(timestamp);
  if (
    !isDeliveryId(id) ||
    !/^\d{1,12}$/.test(timestamp) ||
    Math.abs(age) > TOLERANCE
  ) {
    return undefined;
  }
  const expected = hmac(
    Buffer.from(secret.replace(/^whsec_/, ''), 'base64'),
    Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]),
  );
  // Several signatures, for the days of a rotation.
  const right = text(headers['webhook-signature'])
    .split(' ')
    .some(signature => {
      const [version, encoded] = signature.split(',');
      const actual = Buffer.from(encoded ?? '', 'base64');
      return (
        version === 'v1' &&
        actual.length === expected.length &&
        timingSafeEqual(actual, expected)
      );
    });
  return right ? { id } : undefined;
}

function unsignedId(
  header: string | string[] | undefined,
  body: Buffer,
): VerifiedDelivery | undefined {
  const id = text(header);
  return isDeliveryId(id) ? { id, bodyDigest: sha256(body) } : undefined;
}

function isDeliveryId(id: string): boolean {
  return (
    id.length > 0 &&
    id.length <= MOST_ID_CHARACTERS &&
    /^[\x21-\x7e]+$/.test(id)
  );
}

function text(header: string | string[] | undefined): string {
  return typeof header === 'string' ? header : '';
}

function hmac(key: string | Buffer, data: Buffer): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

function sha256(data: string | Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
