import { rename } from 'fs/promises';
import { resolve } from 'path';
import { nodeTransform, repositoryRoot } from './paths';
import { portalAddress } from './portalEnvironment';
import { ServiceProcess } from './ServiceProcess';
import { type StartOptions } from './StartOptions';

/** What Python, its packages and certificates are found with on this machine. */
const machineVariables =
  /^(PATH|HOME|LANG|LC_ALL|TMPDIR|PIP_\w+|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/i;

/**
 * Starts the process that builds the documentation. The portal runs without it, so its
 * end is no end of the portal.
 */
export async function startDocsBuilder(
  options: StartOptions,
  logs: string,
): Promise<ServiceProcess> {
  const logFile = resolve(logs, 'docs-builder.log');
  await rename(logFile, `${logFile}.1`).catch(() => {});
  return new ServiceProcess({
    command: process.execPath,
    args: [
      '--require',
      nodeTransform,
      resolve(repositoryRoot, 'packages/docs-builder/src/start.ts'),
    ],
    cwd: repositoryRoot,
    environment: {
      // No password of the database and no secret of the portal.
      ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) =>
          machineVariables.test(name),
        ),
      ),
      NODE_ENV: 'development',
      PORTICO_GIT_DIRECTORY: resolve(options.data, 'git'),
      PORTICO_DOCS_DIRECTORY: resolve(options.data, 'docs'),
      PORTICO_DOCS_WORK_DIRECTORY: resolve(options.data, 'docs-work'),
      // Shared by all data folders: it is large, and the same for each of them.
      PORTICO_PYTHON_DIRECTORY: resolve(repositoryRoot, '.portico', 'python'),
      PORTICO_BASE_URL: portalAddress(options),
    },
    logFile,
    onLine: () => {},
  });
}
