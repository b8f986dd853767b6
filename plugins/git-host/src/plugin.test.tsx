/* eslint-disable no-script-url -- refused input */
import {
  type ApiRef,
  fetchApiRef,
  identityApiRef,
} from '@backstage/frontend-plugin-api';
import { mockApis, renderTestApp } from '@backstage/frontend-test-utils';
import {
  type Commit,
  type FileContent,
  type Repository,
  type TreeEntry,
} from '@portico/plugin-git-host-common';
import { configure, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import gitHostPlugin from '.';

// Pages are loaded when they are opened, which takes its time on a busy machine.
configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

const COMMIT = 'c0ffee0000000000000000000000000000000000';

function repository(more: Partial<Repository> = {}): Repository {
  const tenant = more.tenant ?? 'aurora';
  const name = more.name ?? 'checkout';
  return {
    tenant,
    name,
    description: 'Takes the money',
    defaultBranch: 'main',
    head: COMMIT,
    cloneUrl: `http://localhost:7007/api/git-host/${tenant}/${name}.git`,
    webUrl: `http://localhost:7007/git/${tenant}/${name}`,
    ...more,
  };
}

const commit: Commit = {
  id: COMMIT,
  subject: 'Take cards',
  authorName: 'Kim',
  authorEmail: 'kim@aurora.example',
  committedAt: '2026-11-20T10:00:00+01:00',
  trailers: {},
};

/** The JSON API of the Git host over the given files of `aurora/checkout`. */
function gitHostApi(options: {
  repositories?: Repository[];
  files?: Record<string, string>;
  status?: number;
}) {
  const { repositories = [repository()], files = {}, status } = options;
  const asked: string[] = [];
  const notFound = () => json({ error: { name: 'NotFoundError' } }, 404);
  return {
    asked,
    fetch: async (input: string | URL | Request) => {
      const url = new URL(String(input));
      const [tenant, name, what] = url.pathname.split('/').slice(2);
      asked.push(`${url.pathname}${url.search}`);
      if (status) {
        return json(
          { error: { name: 'Error', message: 'the disk is on fire' } },
          status,
        );
      }
      if (!tenant) {
        const wanted = url.searchParams.get('tenant');
        return json({ items: repositories.filter(r => r.tenant === wanted) });
      }
      const found = repositories.find(
        r => r.tenant === tenant && r.name === name,
      );
      const path = url.searchParams.get('path') ?? '';
      const ref = url.searchParams.get('ref') ?? '';
      switch (found && what) {
        case undefined:
          return found ? json(found) : notFound();
        case 'commits':
          return json({ items: [commit] });
        case 'file':
          return Object.hasOwn(files, path)
            ? json(fileContent(path, files[path]))
            : notFound();
        case 'tree': {
          const entries = folder(files, path);
          return entries.length > 0 || path === ''
            ? json({ ref, commit: COMMIT, path, entries })
            : notFound();
        }
        default:
          return notFound();
      }
    },
  };
}

function fileContent(path: string, content: string): FileContent {
  const isBinary = content.includes('\0');
  return {
    path,
    size: content.length,
    encoding: isBinary ? 'base64' : 'utf-8',
    content: isBinary ? btoa(content) : content,
  };
}

function folder(files: Record<string, string>, path: string): TreeEntry[] {
  const prefix = path === '' ? '' : `${path}/`;
  const entries = new Map<string, TreeEntry>();
  for (const [file, content] of Object.entries(files)) {
    if (file.startsWith(prefix)) {
      const [name, ...rest] = file.slice(prefix.length).split('/');
      entries.set(
        name,
        rest.length > 0
          ? { path: prefix + name, kind: 'folder' }
          : { path: prefix + name, kind: 'file', size: content.length },
      );
    }
  }
  return [...entries.values()];
}

function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });
}

function api<T>(ref: ApiRef<T>, implementation: T) {
  return [ref, implementation] as const;
}

function open(address: string, options: Parameters<typeof gitHostApi>[0] = {}) {
  // The router of the test app has an address of its own.
  window.history.replaceState(null, '', address);
  const gitHost = gitHostApi(options);
  renderTestApp({
    features: [gitHostPlugin],
    initialRouteEntries: [address],
    apis: [
      api(
        identityApiRef,
        mockApis.identity({ userEntityRef: 'user:aurora/kim' }),
      ),
      api(fetchApiRef, { fetch: gitHost.fetch }),
    ],
  });
  return gitHost;
}

describe('the list of repositories', () => {
  it('shows those of the tenant and of the platform, and filters them', async () => {
    const { asked } = open('/git', {
      repositories: [
        repository(),
        repository({ name: 'orders', description: '', head: undefined }),
        repository({ tenant: 'default', name: 'golden-paths' }),
        repository({ tenant: 'borealis', name: 'secret' }),
      ],
    });
    expect(
      await screen.findByRole('link', { name: 'checkout' }),
    ).toHaveAttribute('href', '/git/aurora/checkout');
    expect(screen.getByText('golden-paths')).toBeInTheDocument();
    expect(screen.getByText('Platform')).toBeInTheDocument();
    expect(screen.getByText('empty')).toBeInTheDocument();
    expect(screen.queryByText('secret')).not.toBeInTheDocument();
    expect(asked).toEqual([
      '/repositories?tenant=aurora',
      '/repositories?tenant=default',
    ]);

    await userEvent.type(
      screen.getByRole('searchbox', { name: 'Filter repositories' }),
      'GOLD',
    );
    await waitFor(() =>
      expect(screen.queryByText('checkout')).not.toBeInTheDocument(),
    );
    expect(screen.getByText('golden-paths')).toBeInTheDocument();
  });

  it('says what to do when there is none, and when it may not be read', async () => {
    open('/git', { repositories: [] });
    expect(
      await screen.findByText('There are no repositories yet'),
    ).toBeInTheDocument();
  });

  it.each([
    [403, 'You may not read repositories'],
    [500, 'This could not be loaded'],
  ])('says why after %s', async (status, title) => {
    open('/git', { status });
    expect(await screen.findByRole('alert')).toHaveTextContent(title);
  });
});

describe('a repository', () => {
  const files = {
    'README.md': [
      '# Checkout',
      '[guide](docs/guide.md) [evil](javascript:alert(1)) [usage](#how-to-use)',
      '![logo](docs/logo.png) ![tracker](https://evil.example/pixel.png)',
      '<script>window.hacked = true</script>',
      '<img src=x onerror="window.hacked = true">',
      '',
      '| a | b |',
      '| - | - |',
      '| 1 | 2 |',
      '',
      '## How to use',
      '```ts',
      'const x = 1;',
      '```',
      '[data]: data:text/html,<script>alert(1)</script>',
      '',
      '[data] <a href="javascript:alert(1)">raw</a>',
    ].join('\n'),
    'docs/guide.md': '# Guide\n[up](../src/index.ts)',
    'docs/logo.png': 'PNG\0',
    'src/index.ts': 'export const x = 1;\nexport const y = 2;\n',
    'data.bin': '\0\0',
  };

  it('shows files, last commit, README and how to clone', async () => {
    open('/git/aurora/checkout', { files });
    expect(
      await screen.findByRole('heading', { name: 'aurora / checkout' }),
    ).toBeInTheDocument();
    expect(await screen.findByRole('link', { name: /^src/ })).toHaveAttribute(
      'href',
      '/git/aurora/checkout?ref=main&path=src',
    );
    expect(await screen.findByText(/Take cards/)).toBeInTheDocument();
    const time = screen.getByText(/2026/);
    expect(time).toHaveAttribute('datetime', '2026-11-20T10:00:00+01:00');
    // the zone is told
    expect(time).toHaveTextContent(/UTC|GMT|[A-Z]{3,4}/);
    expect(
      screen.getByText(
        'git clone http://localhost:7007/api/git-host/aurora/checkout.git',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText(/a machine token with the scope/),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('heading', { name: 'Checkout' }),
    ).toBeInTheDocument();
  });

  it('renders nothing of a README that runs, frames, or tells who reads it', async () => {
    open('/git/aurora/checkout', { files });
    const guide = await screen.findByRole('link', { name: 'guide' });
    expect(guide).toHaveAttribute(
      'href',
      '/git/aurora/checkout?ref=main&path=docs%2Fguide.md',
    );
    expect(screen.getByRole('link', { name: 'usage' })).toHaveAttribute(
      'href',
      '#readme-how-to-use',
    );
    expect(screen.getByRole('heading', { name: 'How to use' })).toHaveAttribute(
      'id',
      'readme-how-to-use',
    );
    expect(screen.getByText('evil')).toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: 'evil' }),
    ).not.toBeInTheDocument();
    expect(
      screen.queryByRole('link', { name: 'data' }),
    ).not.toBeInTheDocument();
    expect(
      await screen.findByText('Image not shown: tracker'),
    ).toBeInTheDocument();
    expect(await screen.findByRole('img', { name: 'logo' })).toHaveAttribute(
      'src',
      `data:image/png;base64,${btoa('PNG\0')}`,
    );
    expect(screen.getByText('const x = 1;')).toBeInTheDocument();
    expect(screen.getAllByRole('cell', { name: '2' })).not.toHaveLength(0);
    const page = document.body.innerHTML;
    expect(page).not.toMatch(/onerror|href="javascript|evil\.example|hacked/i);
    expect(Reflect.get(window, 'hacked')).toBeUndefined();
  });

  it('keeps ref and path in the address', async () => {
    const { asked } = open(
      '/git/aurora/checkout?ref=feature%2Fx&path=src%2Findex.ts',
      { files },
    );
    const code = await screen.findByRole('region', {
      name: 'Content of src/index.ts',
    });
    expect(code).toHaveTextContent('export const x = 1; export const y = 2;');
    expect(asked).toContain(
      '/repositories/aurora/checkout/file?ref=feature%2Fx&path=src%2Findex.ts',
    );
    const path = screen.getByRole('navigation', {
      name: 'Path in the repository',
    });
    expect(within(path).getByText('feature/x')).toBeInTheDocument();
    expect(
      within(path)
        .getAllByRole('link')
        .map(link => link.getAttribute('href')),
    ).toEqual([
      '/git/aurora/checkout?ref=feature%2Fx',
      '/git/aurora/checkout?ref=feature%2Fx&path=src',
      '/git/aurora/checkout?ref=feature%2Fx&path=src%2Findex.ts',
    ]);
  });

  it('renders a Markdown file and shows its source', async () => {
    open('/git/aurora/checkout?path=docs/guide.md', { files });
    expect(
      await screen.findByRole('heading', { name: 'Guide' }),
    ).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'up' })).toHaveAttribute(
      'href',
      '/git/aurora/checkout?ref=main&path=src%2Findex.ts',
    );
    await userEvent.click(screen.getByText('Source'));
    expect(
      screen.getByRole('region', { name: 'Content of docs/guide.md' }),
    ).toHaveTextContent('# Guide [up](../src/index.ts)');
  });

  it('offers what is not text for download', async () => {
    open('/git/aurora/checkout?path=data.bin', { files });
    expect(
      await screen.findByText(/This file is not text/),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Download' }),
    ).toBeInTheDocument();
  });

  it('copies the clone command', async () => {
    open('/git/aurora/checkout', { files });
    const user = userEvent.setup();
    const writeText = jest
      .spyOn(window.navigator.clipboard, 'writeText')
      .mockResolvedValue();
    await user.click(
      await screen.findByRole('button', { name: 'Copy the clone command' }),
    );
    expect(
      await screen.findByRole('button', { name: 'Copied' }),
    ).toBeInTheDocument();
    expect(writeText).toHaveBeenCalledWith(
      'git clone http://localhost:7007/api/git-host/aurora/checkout.git',
    );
  });

  it('tells how to begin with an empty one', async () => {
    open('/git/aurora/checkout', {
      repositories: [repository({ head: undefined })],
    });
    expect(
      await screen.findByRole('heading', { name: 'This repository is empty' }),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('region', { name: 'Commands for a first push' }),
    ).toHaveTextContent('git push -u origin main');
  });

  it('says the same of an absent one and of another tenant’s', async () => {
    open('/git/borealis/secret', { files });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'There is no such repository',
    );
    expect(
      screen.getByRole('link', { name: 'All repositories' }),
    ).toHaveAttribute('href', '/git');
  });

  it('says that a path does not exist', async () => {
    open('/git/aurora/checkout?path=gone.ts', { files });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'gone.ts does not exist at main.',
    );
  });
});
