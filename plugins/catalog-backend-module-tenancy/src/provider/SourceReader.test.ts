import { Readable } from 'node:stream';
import { NotFoundError } from '@backstage/errors';
import { mockServices } from '@backstage/backend-test-utils';
import { type GitHostService } from '@portico/plugin-git-host-node';
import { type Source } from '@portico/plugin-tenancy-common';
import { SourceReader } from './SourceReader';

// Repositories are covered with the real Git host in module.test.ts.
const gitHost: Pick<GitHostService, 'baseUrl'> = {
  baseUrl: 'https://portal.example/api/git-host',
};

const COMPONENT = `apiVersion: backstage.io/v1alpha1
kind: API
metadata: { name: orders }
spec:
  type: openapi
  lifecycle: production
  owner: team
  definition: { $text: ./openapi.yaml }
`;

function createReader(files: Record<string, string>) {
  const read: string[] = [];
  const reader = new SourceReader({
    gitHost: gitHost as GitHostService,
    sources: { lastGood: async () => [] },
    urlReader: mockServices.urlReader.mock({
      readUrl: async url => {
        read.push(url);
        if (!Object.hasOwn(files, url)) {
          throw new NotFoundError(url);
        }
        return {
          buffer: async () => Buffer.from(files[url]),
          stream: () => Readable.from(files[url]),
        };
      },
    }),
  });
  return { reader, read };
}

function source(url: string): Source {
  return {
    tenant: 'aurora',
    name: 'orders',
    location: { kind: 'url', url },
    createdAt: '2026-01-01T00:00:00Z',
  };
}

describe('a source at a URL', () => {
  const url = 'https://git.example/aurora/orders/blob/main/catalog-info.yaml';
  const folder = 'https://git.example/aurora/orders/blob/main/';

  it('is read with the files beside it, and again only when one changed', async () => {
    const files = {
      [url]: COMPONENT,
      [`${folder}openapi.yaml`]: 'openapi: 3.1.0',
    };
    const { reader } = createReader(files);
    const scan = await reader.read(source(url));
    expect(scan).toMatchObject({
      tenant: 'aurora',
      source: 'orders',
      refusals: [],
      entities: [
        {
          entity: {
            metadata: {
              namespace: 'aurora',
              annotations: {
                'backstage.io/managed-by-location': `url:${url}`,
              },
            },
            spec: { definition: 'openapi: 3.1.0' },
          },
        },
      ],
    });
    await expect(
      reader.read(source(url), scan?.revision),
    ).resolves.toBeUndefined();

    files[`${folder}openapi.yaml`] = 'openapi: 3.1.1';
    await expect(
      reader.read(source(url), scan?.revision),
    ).resolves.toMatchObject({
      entities: [{ entity: { spec: { definition: 'openapi: 3.1.1' } } }],
    });
  });

  it('is unreadable when its host says that it is not there', async () => {
    const { reader } = createReader({});
    await expect(reader.read(source(url))).rejects.toThrow(
      `${url} was not found`,
    );
  });

  it('takes no file that is too large', async () => {
    const { reader } = createReader({
      [url]: COMPONENT,
      [`${folder}openapi.yaml`]: 'x'.repeat(2_000_000),
    });
    await expect(reader.read(source(url))).resolves.toMatchObject({
      entities: [],
      refusals: [{ reason: expect.stringContaining('1048576 bytes') }],
    });
  });

  it.each([
    'https://portal.example/api/git-host/borealis/priv/src/branch/main/catalog-info.yaml',
    'https://PORTAL.example:443/api/%67it-host/borealis/priv/src/branch/main/x.yaml',
  ])('never leads into this portal: %s', async inside => {
    const { reader, read } = createReader({ [inside]: COMPONENT });
    await expect(reader.read(source(inside))).rejects.toThrow(
      'lies in this portal',
    );
    expect(read).toEqual([]);
  });
});
