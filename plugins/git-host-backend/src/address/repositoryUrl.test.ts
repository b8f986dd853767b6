import fc from 'fast-check';
import { isRefName, isRepositoryPath } from './repositoryAddress';
import { parseRepositoryUrl, repositoryUrl } from './repositoryUrl';

const base = 'http://localhost:7007/api/git-host';

const name = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])$/);
const tenant = name.filter(text => text !== 'api');
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '..',
    '.',
    '.git',
    '%2e%2e',
    '%2E%2e',
    '..%2f',
    '-c',
    'a\nb',
    'a\0b',
    '\\',
    'é',
    'a b',
    '?x',
    '#x',
    '%',
    '%00',
    ';',
    '@',
    'borealis',
  ),
);
const ref = fc
  .array(anyText, { minLength: 1, maxLength: 3 })
  .map(parts => parts.join('/'))
  .filter(isRefName);
const path = fc
  .array(anyText, { maxLength: 4 })
  .map(parts => parts.join('/'))
  .filter(isRepositoryPath);

describe('addresses of the Git host', () => {
  it('come back from a URL as they went in', () => {
    fc.assert(
      fc.property(tenant, name, ref, path, (owner, repository, atRef, at) => {
        // A lone surrogate is no text that a URL can carry.
        fc.pre(!/\p{Surrogate}/u.test(atRef + at));
        const location = { tenant: owner, repository, ref: atRef, path: at };
        expect(parseRepositoryUrl(base, repositoryUrl(base, location))).toEqual(
          location,
        );
      }),
      { numRuns: 2_000 },
    );
  });

  it('stay where they belong, whatever is appended to them', () => {
    const property = fc.property(
      fc.array(anyText, { maxLength: 8 }),
      fc.constantFrom('/', '/../', '/%2e%2e/', '//', '\\..\\'),
      (parts, separator) => {
        const url = `${base}/aurora/shop/src/branch/main/${parts.join(
          separator,
        )}`;
        const found = parseRepositoryUrl(base, url);
        // What is accepted is what a URL parser makes of it, inside its repository.
        return (
          found === undefined ||
          (new URL(url).pathname.startsWith(
            `/api/git-host/${found.tenant}/${found.repository}/src/`,
          ) &&
            isRepositoryPath(found.path) &&
            isRefName(found.ref))
        );
      },
    );
    expect(fc.check(property, { numRuns: 3_000 })).toMatchObject({
      failed: false,
    });
  });

  it.each([
    [
      'another host',
      'http://evil.example/api/git-host/aurora/a/src/branch/main/x',
    ],
    [
      'another port',
      'http://localhost:7008/api/git-host/aurora/a/src/branch/main/x',
    ],
    [
      'another scheme',
      'https://localhost:7007/api/git-host/aurora/a/src/branch/main/x',
    ],
    [
      'a user in front of the host',
      'http://a:b@localhost:7007/api/git-host/aurora/a/src/branch/main/x',
    ],
    [
      'a longer prefix',
      'http://localhost:7007/api/git-hostile/aurora/a/src/branch/main/x',
    ],
    ['no ref', `${base}/aurora/a/src/branch/`],
    ['no source', `${base}/aurora/a`],
    ['an encoded slash in the path', `${base}/aurora/a/src/branch/main/x%2fy`],
    [
      'encoded dots behind a slash',
      `${base}/aurora/a/src/branch/main/x%2f..%2f..`,
    ],
    ['an empty part', `${base}/aurora/a/src/branch/main/x//y`],
    ['an upper-case tenant', `${base}/Aurora/a/src/branch/main/x`],
    ['the read API as a tenant', `${base}/api/a/src/branch/main/x`],
    ['a .git folder', `${base}/aurora/a/src/branch/main/.git/config`],
    ['a .GIT folder', `${base}/aurora/a/src/branch/main/.GIT/config`],
    ['a NUL', `${base}/aurora/a/src/branch/main/a%00b`],
    ['a newline', `${base}/aurora/a/src/branch/main/a%0ab`],
    ['a broken escape', `${base}/aurora/a/src/branch/main/%zz`],
    ['an option as ref', `${base}/aurora/a/src/branch/-c/x`],
    ['no URL', 'aurora/a'],
  ])('are refused with %s', (_, url) => {
    expect(parseRepositoryUrl(base, url)).toBeUndefined();
  });

  it('follow what a URL parser makes of dots before they are judged', () => {
    expect(
      parseRepositoryUrl(
        base,
        `${base}/aurora/a/src/branch/main/../../../../borealis/b/src/branch/main/x`,
      ),
    ).toBeUndefined();
    expect(
      parseRepositoryUrl(
        base,
        `${base}/aurora/a/src/branch/main/../../../../../borealis/b/src/branch/main/x`,
      ),
    ).toEqual({ tenant: 'borealis', repository: 'b', ref: 'main', path: 'x' });
    expect(
      parseRepositoryUrl(
        base,
        `${base}/aurora/a/src/commit/${'a'.repeat(40)}/`,
      ),
    ).toEqual({
      tenant: 'aurora',
      repository: 'a',
      ref: 'a'.repeat(40),
      path: '',
    });
  });
});
