import fc from 'fast-check';
import {
  type BindingKind,
  bindingKinds,
  covers,
  overlaps,
  parseResource,
  parseResourceName,
} from './bindingKind';

const letters = fc.constantFrom(
  'a',
  'b',
  '-',
  '*',
  '/',
  'A',
  '1',
  '.',
  '*.',
  'b.a',
  ':8',
);
const text = fc.array(letters, { maxLength: 5 }).map(parts => parts.join(''));
const kind = fc.constantFrom<BindingKind>(...bindingKinds);

describe('covers and overlaps', () => {
  it.each<[BindingKind, string, string, boolean]>([
    ['kubernetes-namespace', 'aurora-*', 'aurora-prod', true],
    ['kubernetes-namespace', 'aurora-prod', 'aurora-prod', true],
    ['kubernetes-namespace', 'aurora', 'aurora-two', false],
    ['kubernetes-namespace', 'aurora-*', 'aurora', false],
    ['kubernetes-namespace', 'aurora-*', 'aurora-/x', false],
    ['git-organisation', 'aurora', 'aurora/checkout', true],
    ['git-organisation', 'aurora', 'AURORA', true],
    ['git-organisation', 'aurora', 'aurora-two', false],
    ['git-organisation', 'aurora', 'aurora/../borealis', false],
    ['git-organisation', 'aurora/checkout', 'aurora', false],
    ['argocd-project', 'aurora', 'aurora-two', false],
    ['sonar-project', 'aurora:*', 'aurora:checkout', true],
    ['sonar-project', 'aurora:*', 'aurora-two:checkout', false],
    ['api-server', 'api.example.org', 'api.example.org', true],
    ['api-server', 'api.example.org', 'API.Example.org', true],
    ['api-server', 'api.example.org', 'a.api.example.org', false],
    ['api-server', 'api.example.org', 'api.example.org:8443', false],
    ['api-server', '*.example.org', 'a.b.example.org', true],
    ['api-server', '*.example.org', 'example.org', false],
    ['api-server', '*.example.org', 'badexample.org', false],
    ['api-server', '*.example.org', 'a.example.org.evil.com', false],
    ['api-server', '*.example.org', '127.0.0.1', false],
    ['api-server', '*.example.org:8443', 'a.example.org:8443', true],
    ['api-server', '*.example.org:8443', 'a.example.org', false],
  ])('%s %s covers %s: %s', (of, granted, claimed, expected) => {
    expect(covers(of, granted, claimed)).toBe(expected);
  });

  it('find every pair of grants that cover the same name', () => {
    fc.assert(
      fc.property(kind, text, text, text, (of, a, b, name) => {
        const [first, second] = [parseResource(of, a), parseResource(of, b)];
        if (first === undefined || second === undefined) {
          return;
        }
        expect(overlaps(of, first, second)).toBe(overlaps(of, second, first));
        const isOfBoth = covers(of, first, name) && covers(of, second, name);
        expect(isOfBoth && !overlaps(of, first, second)).toBe(false);
      }),
      { numRuns: 20_000 },
    );
  });

  it('never take a pattern for a name', () => {
    fc.assert(
      fc.property(kind, text, (of, name) => {
        expect(parseResourceName(of, `${name}*`)).toBeUndefined();
        expect(parseResource(of, '*')).toBeUndefined();
      }),
    );
  });
});
