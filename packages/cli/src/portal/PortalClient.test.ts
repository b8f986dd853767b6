import fc from 'fast-check';
import { apiPath } from './PortalClient';

const pathOf = (name: string) => apiPath`/tenants/aurora/sources/${name}/read`;

describe('apiPath', () => {
  it('keeps whatever is typed to one segment of the path', () => {
    const typed = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('/', '../..', './', '%2e%2e', '?a', '#a', '\\', '...'),
    );
    fc.assert(
      fc.property(
        typed.filter(name => !['', '.', '..'].includes(name)),
        name => {
          const url = new URL(pathOf(name), 'http://localhost:7007');
          expect(url.search + url.hash).toBe('');
          const segments = url.pathname.split('/');
          expect(segments).toHaveLength(8);
          expect(decodeURIComponent(segments[6])).toBe(name);
        },
      ),
    );
  });

  it.each(['', '.', '..'])('refuses "%s"', name => {
    expect(() => pathOf(name)).toThrow('is no name');
  });
});
