/* eslint-disable no-script-url -- refused input */
import { discoveryApiRef } from '@backstage/frontend-plugin-api';
import { renderInTestApp } from '@backstage/frontend-test-utils';
import { ResponseError } from '@backstage/errors';
import { type TreeEntry } from '@portico/plugin-git-host-common';
import { configure, screen, within } from '@testing-library/react';
import { type GitHostApi, gitHostApiRef } from '../../api/GitHostApi';
import { RepositoryDocs } from './RepositoryDocs';

configure({ asyncUtilTimeout: 20_000 });
jest.setTimeout(60_000);

const BASE = 'http://localhost:7007/api/git-host';
const annotations = {
  'backstage.io/techdocs-ref': 'dir:.',
  'backstage.io/source-location': `url:${BASE}/aurora/checkout/src/branch/main/`,
};

/** The Git host over the given files of `aurora/checkout` at `main`. */
function gitHostOf(files: Record<string, string>, status = 404): GitHostApi {
  const refuse = async (): Promise<never> => {
    throw await ResponseError.fromResponse(new Response('{}', { status }));
  };
  const check = (at: { tenant: string; repository: string; ref: string }) =>
    at.tenant === 'aurora' && at.repository === 'checkout' && at.ref === 'main';
  return {
    list: refuse,
    get: refuse,
    lastCommit: refuse,
    file: async at =>
      check(at) && Object.hasOwn(files, at.path)
        ? {
            path: at.path,
            size: files[at.path].length,
            encoding: 'utf-8',
            content: files[at.path],
          }
        : refuse(),
    tree: async at => {
      const prefix = at.path === '' ? '' : `${at.path}/`;
      const entries = new Map<string, TreeEntry>();
      for (const file of Object.keys(files)) {
        if (file.startsWith(prefix)) {
          const [name, ...rest] = file.slice(prefix.length).split('/');
          const path = prefix + name;
          entries.set(path, { path, kind: rest.length ? 'folder' : 'file' });
        }
      }
      return check(at) && entries.size > 0
        ? {
            ref: at.ref,
            commit: 'c0ffee',
            path: at.path,
            entries: [...entries.values()],
          }
        : refuse();
    },
  };
}

function open(options: {
  files?: Record<string, string>;
  status?: number;
  address?: string;
  annotations?: Record<string, string>;
}) {
  window.history.replaceState(null, '', options.address ?? '/docs/x');
  renderInTestApp(
    <RepositoryDocs annotations={options.annotations ?? annotations} />,
    {
      apis: [
        [gitHostApiRef, gitHostOf(options.files ?? {}, options.status)],
        [discoveryApiRef, { getBaseUrl: async () => BASE }],
      ],
    },
  );
}

const pages = () =>
  within(screen.getByRole('navigation', { name: 'Pages of the documentation' }))
    .getAllByRole('link')
    .map(link => [link.textContent, link.getAttribute('href')]);

const files = {
  'README.md': '# Checkout',
  'mkdocs.yml': [
    'site_name: checkout',
    'nav:',
    '  - Welcome: index.md',
    '  - Elsewhere: https://evil.example/page.md',
    '  - Running it:',
    '      - operation.md',
    'markdown_extensions:',
    '  - emoji: !!python/name:material.extensions.emoji',
  ].join('\n'),
  'docs/index.md': '# Hello\n[how to run](operation.md) [code](../src/a.ts)',
  'docs/operation.md': '# Run it\n[back](index.md)',
  'docs/unlisted.md': '# Unlisted',
  'src/a.ts': '',
};

describe('the documentation of a repository', () => {
  it('has the pages and the order of mkdocs.yml, and links between them', async () => {
    open({ files });
    expect(
      await screen.findByRole('heading', { name: 'Hello' }),
    ).toBeInTheDocument();
    expect(pages()).toEqual([
      ['Welcome', '/docs/x?page=index.md'],
      ['Operation', '/docs/x?page=operation.md'],
    ]);
    expect(screen.getByText('Running it')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Welcome' })).toHaveAttribute(
      'aria-current',
      'page',
    );
    expect(screen.getByRole('link', { name: 'how to run' })).toHaveAttribute(
      'href',
      '/docs/x?page=operation.md',
    );
    expect(screen.getByRole('link', { name: 'code' })).toHaveAttribute(
      'href',
      '/git/aurora/checkout?ref=main&path=src%2Fa.ts',
    );
    expect(
      screen.getByText(/the built documentation has not been published/),
    ).toBeInTheDocument();
  });

  it('shows the page of the address, also one that nav leaves out', async () => {
    open({ files, address: '/docs/x?page=unlisted.md' });
    expect(
      await screen.findByRole('heading', { name: 'Unlisted' }),
    ).toBeInTheDocument();
  });

  it.each(['../README.md', '/README.md', 'absent.md', '../src/a.ts'])(
    'shows nothing outside of the documentation for page=%s',
    async page => {
      open({ files, address: `/docs/x?page=${encodeURIComponent(page)}` });
      expect(
        await screen.findByText('There is no such file or folder'),
      ).toBeInTheDocument();
      expect(screen.queryByText('Checkout')).not.toBeInTheDocument();
    },
  );

  it.each([undefined, 'nav: [', 'nav: { a: 1 }'])(
    'takes the names of the files where mkdocs.yml is %j',
    async config => {
      open({
        files: {
          ...(config === undefined ? {} : { 'mkdocs.yml': config }),
          'docs/a-first-step.md': '# Step',
          'docs/index.md': '# Hello',
          'docs/adr/0001-why.md': '# Why',
          'docs/logo.png': '',
        },
      });
      await screen.findByRole('heading', { name: 'Hello' });
      expect(pages()).toEqual([
        ['Home', '/docs/x?page=index.md'],
        ['A first step', '/docs/x?page=a-first-step.md'],
        ['0001 why', '/docs/x?page=adr%2F0001-why.md'],
      ]);
    },
  );

  it('reads the folder that the entity and mkdocs.yml name', async () => {
    open({
      files: {
        'parts/api/mkdocs.yml': 'docs_dir: pages',
        'parts/api/pages/index.md': '# The part',
      },
      annotations: {
        ...annotations,
        'backstage.io/techdocs-ref': 'dir:./parts/api',
      },
    });
    expect(
      await screen.findByRole('heading', { name: 'The part' }),
    ).toBeInTheDocument();
  });

  it('renders nothing that runs or tells who reads it', async () => {
    open({
      files: {
        'docs/index.md': [
          '# Hello',
          '<script>window.hacked = true</script>',
          '<img src=x onerror="window.hacked = true">',
          '',
          '[evil](javascript:alert(1)) ![tracker](https://evil.example/a.png)',
        ].join('\n'),
      },
    });
    expect(await screen.findByText('evil')).toBeInTheDocument();
    expect(
      await screen.findByText('Image not shown: tracker'),
    ).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'evil' })).toBeNull();
    expect(document.body.innerHTML).not.toMatch(
      /onerror|href="javascript|evil\.example|hacked/i,
    );
  });

  it('says how to add docs where there are none', async () => {
    open({ files: { 'README.md': '# Checkout' } });
    expect(
      await screen.findByText('This component has no docs yet'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Open the repository' }),
    ).toHaveAttribute('href', '/git/aurora/checkout');
  });

  it.each([
    [
      'another host',
      {
        'backstage.io/source-location':
          'url:https://evil.example/api/git-host/aurora/checkout/src/branch/main/',
      },
    ],
    ['out of the repository', { 'backstage.io/techdocs-ref': 'dir:../..' }],
    ['no folder', { 'backstage.io/techdocs-ref': 'url:https://evil.example' }],
  ])('says who publishes docs for %s', async (_, more) => {
    open({ files, annotations: { ...annotations, ...more } });
    expect(
      await screen.findByText('The documentation has not been published yet'),
    ).toBeInTheDocument();
  });

  it.each([
    [403, 'You may not read repositories'],
    [404, 'There is no such repository'],
    [500, 'This could not be loaded'],
  ])('says why after %s', async (status, title) => {
    open({ status });
    expect(await screen.findByRole('alert')).toHaveTextContent(title);
  });
});
