import fc from 'fast-check';
import { namespacedPath } from './NamespacedResource';

const anything = fc.oneof(
  fc.string(),
  fc.constantFrom('pods', 'secrets', 'nodes', '..', 'a/b', '%2e%2e', 'v1', ''),
);

describe('namespacedPath', () => {
  it('names things of one namespace', () => {
    const pods = { group: '', apiVersion: 'v1', plural: 'pods' };
    expect(namespacedPath('aurora-prod', pods)).toBe(
      '/api/v1/namespaces/aurora-prod/pods',
    );
    expect(namespacedPath('aurora-prod', pods, 'web-1', 'log')).toBe(
      '/api/v1/namespaces/aurora-prod/pods/web-1/log',
    );
  });

  it('never leaves the namespace, whatever it is given', () => {
    fc.assert(
      fc.property(
        anything,
        anything,
        anything,
        anything,
        fc.option(anything, { nil: undefined }),
        (namespace, group, apiVersion, plural, name) => {
          let path: string;
          try {
            path = namespacedPath(
              namespace,
              { group, apiVersion, plural },
              name,
            );
          } catch {
            return;
          }
          const normal = new URL(path, 'http://cluster').pathname;
          expect(normal).toBe(path);
          expect(path.split('/namespaces/')).toHaveLength(2);
          expect(path.split('/namespaces/')[1].split('/')[0]).toBe(namespace);
          expect(['secrets', 'nodes']).not.toContain(plural);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
