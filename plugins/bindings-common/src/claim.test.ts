import { type BindingKind } from './bindingKind';
import { readClaim } from './claim';
import { matchClaim } from './matchClaim';

function claimOf(kind: BindingKind, annotations: Record<string, string>) {
  return readClaim(kind, { metadata: { name: 'x', annotations } });
}

describe('readClaim', () => {
  it.each<[BindingKind, Record<string, string>, object | undefined]>([
    ['argocd-project', {}, undefined],
    ['argocd-project', { 'argocd/instance-name': 'argo' }, undefined],
    ['argocd-project', { 'argocd/app-name': '' }, undefined],
    [
      'argocd-project',
      { 'argocd/app-name': 'a', 'argocd/instance-name': 'one, two' },
      { systems: ['one', 'two'] },
    ],
    [
      'kubernetes-namespace',
      {
        'backstage.io/kubernetes-id': 'a',
        'backstage.io/kubernetes-namespace': 'n',
        'backstage.io/kubernetes-cluster': 'c',
      },
      { systems: ['c'], resource: 'n' },
    ],
    [
      'git-organisation',
      { 'github.com/project-slug': 'org/repo' },
      { host: 'github.com', resource: 'org' },
    ],
    [
      'git-organisation',
      {
        'github.com/project-slug': 'org/repo',
        'backstage.io/source-location': 'url:https://GHE.example.org/org/repo',
      },
      { host: 'ghe.example.org', resource: 'org' },
    ],
    [
      'git-organisation',
      {
        'github.com/project-slug': 'org/repo',
        'backstage.io/source-location':
          'url:https://evil.example.org/org/repo2',
      },
      { host: 'github.com', resource: 'org' },
    ],
    [
      'git-organisation',
      {
        'gitlab.com/project-slug': 'group/sub/repo',
        'gitlab.com/instance': 'gitlab.example.org',
      },
      { host: 'gitlab.example.org', resource: 'group/sub' },
    ],
    [
      'git-organisation',
      { 'github.com/project-slug': 'org' },
      { resource: '' },
    ],
    [
      'sonar-project',
      { 'sonarqube.org/project-key': 'main/a:b' },
      { systems: ['main'], resource: 'a:b' },
    ],
  ])('reads %s %j', (kind, annotations, expected) => {
    const claim = claimOf(kind, annotations);
    expect(claim === undefined).toBe(expected === undefined);
    expect(claim ?? {}).toMatchObject(expected ?? {});
  });

  it('takes nothing that annotations inherit', () => {
    const annotations = Object.create({ 'jira/project-key': 'SHOP' });
    expect(claimOf('jira-project', annotations)).toBeUndefined();
  });
});

describe('matchClaim', () => {
  const grant = (resource: string, system = 'sentry', host = 'h') => ({
    kind: 'sentry-project' as const,
    system,
    host,
    resource,
  });

  it('finds a Sentry project without its organisation, among the grants only', () => {
    const claim = claimOf('sentry-project', {
      'sentry.io/project-slug': 'checkout',
    });
    const match = (...resources: string[]) =>
      claim &&
      matchClaim(
        claim,
        resources.map(text => grant(text)),
      );
    expect(match('aurora/checkout', 'aurora/cart')).toEqual([
      { system: 'sentry', resource: 'aurora/checkout' },
    ]);
    expect(match('aurora/mycheckout')).toBe('not-granted');
  });

  it('asks for a name where the grant is for many', () => {
    const claim = claimOf('kubernetes-namespace', {
      'backstage.io/kubernetes-id': 'x',
    });
    const many = {
      kind: 'kubernetes-namespace' as const,
      system: 'east',
      host: 'h',
      resource: 'aurora-*',
    };
    expect(claim && matchClaim(claim, [many])).toBe('incomplete');
    expect(claim && matchClaim(claim, [])).toBe('not-granted');
  });
});
