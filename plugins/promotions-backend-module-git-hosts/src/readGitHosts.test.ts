import { ConfigReader } from '@backstage/config';
import { type ConfiguredSystem } from '@portico/plugin-bindings-node';
import { readGitHosts } from './readGitHosts';

const systems = new Map<string, ConfiguredSystem>(
  (
    [
      ['forge', 'git'],
      ['argo', 'argocd'],
      ['portico', 'git'],
    ] as const
  ).map(([name, kind]) => [
    name,
    { name, kind, title: name, url: `https://${name}.example.org` },
  ]),
);

function read(...gitHosts: Array<Record<string, string | number>>) {
  return readGitHosts(new ConfigReader({ promotions: { gitHosts } }), systems);
}

describe('readGitHosts', () => {
  it('reads hosts with the address of their system', () => {
    expect(readGitHosts(new ConfigReader({}), systems)).toEqual([]);
    expect(
      read({ system: 'forge', api: 'gitea', timeoutSeconds: 5 }),
    ).toMatchObject([
      {
        system: { url: 'https://forge.example.org' },
        api: 'gitea',
        timeoutMilliseconds: 5_000,
      },
    ]);
  });

  it.each([
    [[{ system: 'forge', api: 'bitbucket' }], /gitHosts\[0\] is wrong/],
    [[{ system: 'forge', api: 'gitea', token: 'a' }], /token/],
    [[{ system: 'argo', api: 'gitea' }], /of kind 'git'/],
    [[{ system: 'none', api: 'gitea' }], /it is 'none'/],
    [[{ system: 'portico', api: 'gitea' }], /the embedded Git host/],
    [
      [
        { system: 'forge', api: 'gitea' },
        { system: 'forge', api: 'github' },
      ],
      /twice/,
    ],
  ])('refuses %j', (hosts, message) => {
    expect(() => read(...hosts)).toThrow(message);
  });
});
