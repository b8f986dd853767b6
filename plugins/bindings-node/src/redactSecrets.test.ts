import fc from 'fast-check';
import { redactSecrets } from './redactSecrets';

describe('redactSecrets', () => {
  it.each([
    ['password=hunter22 next', 'password=[redacted] next'],
    ['DB_PASSWORD: "two words" next', 'DB_PASSWORD: [redacted] next'],
    ["{'api_key': 'abc', 'a': 1}", "{'api_key': [redacted], 'a': 1}"],
    ['{"clientSecret":"abc","a":1}', '{"clientSecret":[redacted],"a":1}'],
    ['--token=abc --verbose', '--token=[redacted] --verbose'],
    ['GET /x?access_token=abc&b=1', 'GET /x?access_token=[redacted]&b=1'],
    ['x-auth: Bearer abcdefgh', 'x-auth: [redacted] [redacted]'],
    ['with Bearer abcdefgh.ijk', 'with Bearer [redacted]'],
    [
      'postgres://kim:s3cr3t@db.example.org/x',
      'postgres://kim:[redacted]@db.example.org/x',
    ],
    ['got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl', 'got [redacted]'],
    [`ghp_${'a'.repeat(36)}`, '[redacted]'],
    ['AKIAIOSFODNN7EXAMPLE', '[redacted]'],
    ['portico_aurora_0123456789abcdef_xyz', '[redacted]'],
    [
      '-----BEGIN RSA PRIVATE KEY-----\nMIIB\nabc\n-----END RSA PRIVATE KEY-----\nend',
      '[redacted]\nend',
    ],
    ['-----BEGIN PRIVATE KEY-----\nMIIB cut', '[redacted]'],
  ])('redacts %s', (text, expected) => {
    expect(redactSecrets(text).text).toBe(expected);
  });

  it.each([
    'the author: kim',
    'token bucket is full',
    'listening on http://localhost:8080/tokens',
    'passed 12 of 12 in 3 s',
    'user@example.org signed in',
  ])('leaves %s alone', text => {
    expect(redactSecrets(text)).toEqual({ text, redacted: 0 });
  });

  it('leaves nothing of a value, whatever stands around it', () => {
    const secret = 'cAnArY0123456789';
    fc.assert(
      fc.property(
        fc.constantFrom('password', 'API_KEY', 'x-token', 'client.secret'),
        fc.constantFrom('=', ': ', '="', "='"),
        fc.string(),
        (name, sign, after) => {
          const { text } = redactSecrets(`a ${name}${sign}${secret} ${after}`);
          expect(text).not.toContain(secret);
        },
      ),
    );
  });

  it.each([
    ['one letter', 'a'],
    ['names without values', 'password'],
    ['signs', 'token= '],
    ['addresses', '://a:'],
    ['beginnings of keys', '-----BEGIN PRIVATE KEY-----'],
    ['web tokens', 'eyJaaaaaaaa.'],
    ['quotes', 'secret="'],
    ['spaces', ' '],
  ])('takes no longer than a second for a mebibyte of %s', (_, part) => {
    const text = part.repeat(Math.ceil((1024 * 1024) / part.length));
    const before = performance.now();
    redactSecrets(text);
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
