import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import {
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import {
  NotAllowedError,
  NotFoundError,
  NotModifiedError,
} from '@backstage/errors';
import { PLATFORM_TENANT } from '@portico/plugin-tenancy-common';
import { type GitHostService, type RepositoryPath } from './GitHostService';

/**
 * A URL reader that sees the Git host as one tenant does: its own repositories and
 * those of the platform (`default`). Every other address is refused, be it another
 * tenant's, a malformed one or one outside of the Git host.
 *
 * A stock reader knows neither caller nor tenant, and a relative URL walks where it
 * likes; so code that reads for a tenant uses this one.
 */
export function createTenantReader(options: {
  tenant: string;
  gitHost: GitHostService;
}): UrlReaderService {
  const { tenant, gitHost } = options;

  const locate = (url: string): RepositoryPath => {
    const path = gitHost.parseUrl(url);
    if (!path || (path.tenant !== tenant && path.tenant !== PLATFORM_TENANT)) {
      throw new NotAllowedError(
        `The address '${withoutQuery(
          url,
        )}' lies outside of the repositories of '${tenant}' and of the platform; use an address below ${
          gitHost.baseUrl
        }/${tenant}/`,
      );
    }
    return path;
  };

  return {
    async readUrl(url, readOptions) {
      const path = locate(url);
      const commit = await gitHost.resolve(path);
      if (readOptions?.etag === commit) {
        throw new NotModifiedError();
      }
      const content = await gitHost.readFile({ ...path, ref: commit });
      return {
        buffer: async () => content,
        stream: () => Readable.from([content]),
        etag: commit,
      };
    },

    async readTree(url, readOptions) {
      const path = locate(url);
      const commit = await gitHost.resolve(path);
      if (readOptions?.etag === commit) {
        throw new NotModifiedError();
      }
      const tree = await gitHost.readTree({ ...path, ref: commit });
      const files = tree.files.filter(
        file =>
          readOptions?.filter?.(file.path, { size: file.content.length }) ??
          true,
      );
      return {
        etag: commit,
        files: async () =>
          files.map(file => ({
            path: file.path,
            content: async () => file.content,
          })),
        archive: async () =>
          (await gitHost.archive({ ...path, ref: commit })).stream,
        async dir(dirOptions) {
          const directory =
            dirOptions?.targetDir ??
            (await mkdtemp(join(tmpdir(), 'portico-tree-')));
          for (const file of files) {
            const target = resolveSafeChildPath(directory, file.path);
            await mkdir(dirname(target), { recursive: true });
            await writeFile(target, file.content, {
              mode: file.executable ? 0o755 : 0o644,
            });
          }
          return directory;
        },
      };
    },

    async search(url, searchOptions) {
      const path = locate(url);
      if (/[*?]/.test(path.path)) {
        throw new NotAllowedError(
          `Patterns are not supported in '${withoutQuery(url)}'; name one file`,
        );
      }
      try {
        const commit = await gitHost.resolve(path);
        if (searchOptions?.etag === commit) {
          throw new NotModifiedError();
        }
        const content = await gitHost.readFile({ ...path, ref: commit });
        return { etag: commit, files: [{ url, content: async () => content }] };
      } catch (error) {
        if (error instanceof NotFoundError) {
          return { etag: '', files: [] };
        }
        throw error;
      }
    },
  };
}

/** A query may hold a secret, and an error reaches logs. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '').slice(0, 300);
}
