import { createHash } from 'node:crypto';
import { type UrlReaderService } from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import {
  InputError,
  isError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { type GitHostService } from '@portico/plugin-git-host-node';
import {
  PLATFORM_TENANT,
  type Source,
  type SourceLocation,
} from '@portico/plugin-tenancy-common';
import {
  type SourceScan,
  type TenancySources,
} from '@portico/plugin-tenancy-node';
import { type CatalogSourceAddress } from '../reading/CatalogSourceAddress';
import { readingLimits } from '../reading/limits';
import { readSource } from '../reading/readSource';
import { type SourceFiles } from '../reading/SourceFiles';

/** Reads one source of a tenant, with nothing but that source in reach. */
export class SourceReader {
  constructor(
    private readonly options: {
      gitHost: GitHostService;
      urlReader: UrlReaderService;
      sources: Pick<TenancySources, 'lastGood'>;
    },
  ) {}

  /**
   * Reads the whole source at one revision.
   *
   * @param known - the revision that is recorded; when it is still the current one,
   *   nothing is read
   * @returns undefined when the source is at the known revision
   * @throws when the source cannot be read now
   */
  async read(source: Source, known?: string): Promise<SourceScan | undefined> {
    switch (source.location.kind) {
      case 'repository':
        return this.#readRepository(source, source.location, known);
      case 'url':
        return this.#readUrl(source, source.location, known);
      default: {
        const unknown: never = source.location;
        throw new InputError(
          `Source kind of ${JSON.stringify(unknown)} is not known`,
        );
      }
    }
  }

  async #readRepository(
    source: Source,
    location: Extract<SourceLocation, { kind: 'repository' }>,
    known: string | undefined,
  ): Promise<SourceScan | undefined> {
    const { gitHost } = this.options;
    // The tenant is the source's own: no address in the location can change it.
    const repository = {
      tenant: source.tenant,
      repository: location.repository,
    };
    const revision = await gitHost.resolve({
      ...repository,
      ref: location.branch,
    });
    if (revision === known) {
      return undefined;
    }
    const rootUrl = gitHost.urlOf({
      ...repository,
      ref: location.branch,
      path: '',
    });
    const read = await readSource({
      address: {
        tenant: source.tenant,
        source: source.name,
        rootUrl: rootUrl.endsWith('/') ? rootUrl : `${rootUrl}/`,
      },
      file: location.path,
      files: {
        // All files at one commit, so that a push in between cannot mix two.
        read: path => gitHost.readFile({ ...repository, ref: revision, path }),
      },
      environments: () => this.#environmentsBeside(source),
    });
    return { tenant: source.tenant, source: source.name, revision, ...read };
  }

  async #readUrl(
    source: Source,
    location: Extract<SourceLocation, { kind: 'url' }>,
    known: string | undefined,
  ): Promise<SourceScan | undefined> {
    const { gitHost, urlReader } = this.options;
    const url = new URL(location.url);
    if (url.origin === new URL(gitHost.baseUrl).origin) {
      // Read here it would be read with everybody's rights.
      throw new InputError(
        `${location.url} lies in this portal; register it as a repository of its tenant`,
      );
    }
    const folderEnd = url.pathname.lastIndexOf('/') + 1;
    const file = decodeURIComponent(url.pathname.slice(folderEnd));
    const address: CatalogSourceAddress = {
      tenant: source.tenant,
      source: source.name,
      rootUrl: `${url.origin}${url.pathname.slice(0, folderEnd)}`,
    };
    const digest = createHash('sha256');
    const files: SourceFiles = {
      async read(path) {
        const target =
          path === file
            ? location.url
            : address.rootUrl +
              path.split('/').map(encodeURIComponent).join('/');
        try {
          const response = await urlReader.readUrl(target);
          const content = response.stream
            ? await readBounded(response.stream(), readingLimits.embeddedBytes)
            : await response.buffer();
          digest.update(path).update('\0').update(content);
          return content;
        } catch (error) {
          if (
            path === file &&
            isError(error) &&
            error.name === 'NotFoundError'
          ) {
            // Many hosts say "not found" when they mean "not allowed".
            throw new ServiceUnavailableError(`${location.url} was not found`);
          }
          throw error;
        }
      },
    };
    const read = await readSource({
      address,
      file,
      files,
      environments: () => this.#environmentsBeside(source),
    });
    const revision = `sha256:${digest.digest('hex')}`;
    return revision === known
      ? undefined
      : { tenant: source.tenant, source: source.name, revision, ...read };
  }

  /** The environments of the platform and of the tenant's other sources. */
  async #environmentsBeside({ tenant, name }: Source): Promise<Entity[]> {
    const declared = await this.options.sources.lastGood({
      kind: 'environment',
      tenants: [tenant, PLATFORM_TENANT],
    });
    return declared
      .filter(found => found.tenant !== tenant || found.source !== name)
      .map(({ entity }) => entity);
  }
}

async function readBounded(
  stream: AsyncIterable<Buffer | string>,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const buffer = Buffer.from(chunk);
    size += buffer.byteLength;
    if (size > maxBytes) {
      throw new InputError(`it has more than ${maxBytes} bytes`);
    }
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}
