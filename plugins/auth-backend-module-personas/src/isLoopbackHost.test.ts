import fc from 'fast-check';
import { isLoopbackHost } from './isLoopbackHost';

describe('isLoopbackHost', () => {
  it.each([
    'localhost',
    'LOCALHOST:7007',
    '127.0.0.1:7007',
    '127.8.9.1',
    '[::1]:7007',
  ])('accepts %s', host => expect(isLoopbackHost(host)).toBe(true));

  it.each([
    undefined,
    '',
    ':7007',
    'localhost.',
    'localhost.example:7007',
    'my-localhost',
    '127.0.0.1.example',
    '128.0.0.1',
    '0.0.0.0',
    '[::]',
    '[::2]:7007',
    'localhost:7007:80',
    'localhost:7007@example',
    'localhost\nexample',
  ])('refuses %j', host => expect(isLoopbackHost(host)).toBe(false));

  it('refuses every other domain', () => {
    fc.assert(
      fc.property(fc.domain(), fc.nat(65535), (domain, port) => {
        expect(isLoopbackHost(domain)).toBe(false);
        expect(isLoopbackHost(`${domain}:${port}`)).toBe(false);
        expect(isLoopbackHost(`localhost.${domain}`)).toBe(false);
      }),
    );
  });
});
