import { generateKeyPairSync, sign } from 'node:crypto';

const ONE_HOUR_SECONDS = 3600;

/**
 * A token such as plugins send to each other, signed with a key that the portal has never
 * seen.
 */
export function forgeServiceToken(options: {
  subject: string;
  audience: string;
}): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: object) =>
    Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = [
    encode({
      typ: 'vnd.backstage.plugin',
      alg: 'ES256',
      kid: '6f0d6f6e-7065-4b1e-8c57-000000000000',
    }),
    encode({
      sub: options.subject,
      aud: options.audience,
      iat: now,
      exp: now + ONE_HOUR_SECONDS,
    }),
  ].join('.');
  const signature = sign('sha256', Buffer.from(content), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  });
  return `${content}.${signature.toString('base64url')}`;
}
