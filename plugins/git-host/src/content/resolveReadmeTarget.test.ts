/* eslint-disable no-script-url -- refused input */
import fc from 'fast-check';
import { repositoryHref } from './repositoryHref';
import { resolveReadmeTarget } from './resolveReadmeTarget';

describe('resolveReadmeTarget', () => {
  it.each([
    ['guide.md', 'docs/README.md', 'docs/guide.md'],
    ['./a%20b.md?plain=1#top', 'README.md', 'a b.md'],
    ['../src/', 'docs/README.md', 'src'],
    ['/LICENSE', 'docs/README.md', 'LICENSE'],
    ['.', 'docs/README.md', 'docs'],
  ])('leads %s of %s into the repository', (target, file, path) => {
    expect(resolveReadmeTarget(target, file)).toEqual({
      kind: 'repository',
      path,
    });
  });

  it('knows pages elsewhere and headings', () => {
    expect(resolveReadmeTarget('https://example.org/x', 'README.md')).toEqual({
      kind: 'external',
      url: 'https://example.org/x',
    });
    expect(resolveReadmeTarget('mailto:a@b.example', 'README.md')).toEqual({
      kind: 'external',
      url: 'mailto:a@b.example',
    });
    expect(resolveReadmeTarget('#usage', 'README.md')).toEqual({
      kind: 'heading',
      id: 'usage',
    });
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example/x',
    '\\\\evil.example',
    '../../other',
    'a/%2e%2e/%2e%2e/%2e%2e/x',
    'http://',
    '%',
    '',
  ])('refuses %s', target => {
    expect(resolveReadmeTarget(target, 'docs/README.md')).toEqual({
      kind: 'refused',
    });
  });

  it('never leads out of the repository or into a script', () => {
    const part = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('..', '/', '%2e', '\\', 'javascript:', '#', '?', '\t'),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 8 }).map(parts => parts.join('')),
        target => {
          const resolved = resolveReadmeTarget(target, 'docs/README.md');
          const path = resolved.kind === 'repository' ? resolved.path : '';
          const external =
            resolved.kind === 'external' ? resolved.url : 'https:';
          expect(external).toMatch(/^(?:https?|mailto):/);
          expect(path.split('/')).not.toContain('..');
          const page = new URL(
            repositoryHref('/git/aurora/checkout', { path }),
            'http://portal',
          );
          expect(page.origin + page.pathname).toBe(
            'http://portal/git/aurora/checkout',
          );
        },
      ),
      { numRuns: 2000 },
    );
  });
});
