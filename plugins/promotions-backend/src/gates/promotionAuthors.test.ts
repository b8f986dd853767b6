import { NotFoundError } from '@backstage/errors';
import { type Promotion } from '@portico/plugin-promotions-common';
import {
  commit,
  promotion,
  release,
} from '@portico/plugin-promotions-node/testUtils';
import { matchAuthors, readPromotionAuthors } from './promotionAuthors';

const kim = { name: 'Kim', email: 'kim@aurora.example' };

/** A Git host with `checkout` of aurora, and commits a and b. */
function gitHost() {
  const asked: unknown[] = [];
  return {
    asked,
    async get({ tenant, repository }: { tenant: string; repository: string }) {
      return tenant === 'aurora' && repository === 'checkout'
        ? {
            tenant,
            name: repository,
            description: '',
            defaultBranch: 'main',
            cloneUrl: 'http://localhost:7160/api/git-host/aurora/checkout.git',
            webUrl: 'http://localhost:7160/git/aurora/checkout',
          }
        : undefined;
    },
    async resolve({ ref }: { ref: string }) {
      if (![commit('a'), commit('b')].includes(ref)) {
        throw new NotFoundError('No such commit');
      }
      return ref;
    },
    async authors(options: unknown) {
      asked.push(options);
      return [kim];
    },
  };
}

const from = (repository: string, more: Partial<Promotion> = {}): Promotion => {
  const { content, ...rest } = release('a');
  return {
    ...promotion,
    release: {
      ...rest,
      content: { ...content, source: { repository, commit: commit('a') } },
    },
    ...more,
  };
};

describe('readPromotionAuthors', () => {
  const address = {
    tenant: 'aurora',
    repository: 'checkout',
    ref: commit('a'),
  };
  const read = async (which: Promotion) => {
    const host = gitHost();
    await expect(
      readPromotionAuthors(host, { tenant: 'aurora', promotion: which }),
    ).resolves.toEqual([kim]);
    return host.asked;
  };

  it('looks at what is not in the release that runs', async () => {
    await expect(read(promotion)).resolves.toEqual([
      { ...address, notIn: commit('b') },
    ]);
  });

  it.each([
    ['nothing runs', { before: undefined }],
    ['the history was written anew', { before: release('c') }],
    [
      'what runs comes from elsewhere',
      {
        before: {
          ...release('b'),
          content: {
            ...release('b').content,
            source: {
              repository: 'https://elsewhere.example/x',
              commit: commit('b'),
            },
          },
        },
      },
    ],
  ])('looks at all commits where %s', async (_, more) => {
    await expect(read({ ...promotion, ...more })).resolves.toEqual([address]);
  });

  it('knows a repository by the address of its page as well', async () => {
    await expect(
      read(
        from('http://localhost:7160/git/aurora/checkout/', {
          before: undefined,
        }),
      ),
    ).resolves.toEqual([address]);
  });

  it.each([
    'https://github.example/aurora/checkout.git',
    'http://localhost:7160/api/git-host/borealis/checkout.git',
    'http://localhost:7160/api/git-host/aurora/other.git',
    'checkout',
    '',
  ])('cannot tell who wrote what comes from "%s"', async repository => {
    await expect(
      readPromotionAuthors(gitHost(), {
        tenant: 'aurora',
        promotion: from(repository),
      }),
    ).rejects.toThrow(
      'Nobody knows who wrote the release 1.0.a: the commits of its repository cannot be read here',
    );
  });

  it('cannot tell who wrote a release without a commit', async () => {
    const { content, ...rest } = release('a');
    await expect(
      readPromotionAuthors(gitHost(), {
        tenant: 'aurora',
        promotion: {
          ...promotion,
          release: { ...rest, content: { ...content, source: undefined } },
        },
      }),
    ).rejects.toThrow('announce it with its source');
  });
});

describe('matchAuthors', () => {
  const member = (name: string, email?: string) => ({
    userRef: `user:aurora/${name}`,
    displayName: name,
    kind: 'person' as const,
    roles: [],
    groups: [],
    ...(email && { email }),
  });

  it('names every member with the address, whatever its letters', () => {
    expect(
      matchAuthors(
        'aurora',
        [
          { name: 'K', email: 'KIM@aurora.example' },
          { name: 'V', email: 'vera@aurora.invalid' },
          { name: 'V', email: 'vera@borealis.invalid' },
        ],
        [
          member('kim', 'kim@aurora.example'),
          member('kim2', 'Kim@Aurora.Example'),
          member('vera'),
        ],
      ),
    ).toEqual([
      { name: 'K', email: 'KIM@aurora.example', ref: 'user:aurora/kim' },
      { name: 'K', email: 'KIM@aurora.example', ref: 'user:aurora/kim2' },
      { name: 'V', email: 'vera@aurora.invalid', ref: 'user:aurora/vera' },
      { name: 'V', email: 'vera@borealis.invalid' },
    ]);
  });
});
