import { cp } from 'node:fs/promises';
import path from 'node:path';
import {
  resolvePackagePath,
  resolveSafeChildPath,
  type UrlReaderService,
} from '@backstage/backend-plugin-api';
import { NotFoundError, NotImplementedError } from '@backstage/errors';

/** Where the portal publishes `templates/`, as its Git host names it. */
export const templatesUrl =
  'http://localhost:7007/api/git-host/default/golden-paths/src/branch/main/';

/** The folder `templates/` of the project. */
export const templatesFolder = resolvePackagePath(
  '@portico/golden-paths',
  '../../templates',
);

/**
 * Reads folders of `templates/` at the addresses that they have in the portal, so that
 * an address that leaves the repository or leads nowhere fails here as well.
 */
export const templatesReader: UrlReaderService = {
  async readTree(url) {
    if (!url.startsWith(templatesUrl)) {
      throw new NotFoundError(`${url} is not in the repository golden-paths`);
    }
    const folder = resolveSafeChildPath(
      templatesFolder,
      decodeURIComponent(new URL(url).href.slice(templatesUrl.length)),
    );
    return {
      etag: 'templates',
      files: async () => {
        throw new NotImplementedError('Only whole folders are read');
      },
      archive: async () => {
        throw new NotImplementedError('Only whole folders are read');
      },
      async dir(options) {
        const targetDir = options?.targetDir;
        if (!targetDir) {
          throw new NotImplementedError('A target is needed');
        }
        await cp(folder, targetDir, {
          recursive: true,
          // What somebody built in there is not in the repository either.
          filter: source => path.basename(source) !== 'node_modules',
        });
        return targetDir;
      },
    };
  },
  readUrl: async () => {
    throw new NotImplementedError('Only folders are read');
  },
  search: async () => {
    throw new NotImplementedError('Only folders are read');
  },
};
