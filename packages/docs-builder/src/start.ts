// The docs builder as a process of its own, started by the launcher in development.
import { join, resolve } from 'node:path';
import { buildLimits } from './buildSite';
import { DocsBuilder } from './DocsBuilder';
import { bringPythonEnvironment } from './PythonEnvironment';
import { readOptions } from './readOptions';

// eslint-disable-next-line no-restricted-syntax -- only ever run from the sources
const pythonFiles = resolve(__dirname, '../python');

/** Of the own environment, what an installation with pip may need. */
const forInstallation =
  /^(PATH|HOME|LANG|LC_ALL|TMPDIR|PIP_\w+|https?_proxy|no_proxy|all_proxy|SSL_CERT_FILE|SSL_CERT_DIR|REQUESTS_CA_BUNDLE)$/i;

async function start(): Promise<void> {
  const options = readOptions(process.env);
  const stop = new AbortController();
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect'] as const) {
    process.on(event, () => stop.abort());
  }
  const log = (line: string) => process.stdout.write(`${line}\n`);
  const python = bringPythonEnvironment({
    directory: options.pythonDirectory,
    requirementsFile: join(pythonFiles, 'requirements.txt'),
    environment: Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] =>
          forInstallation.test(entry[0]) && entry[1] !== undefined,
      ),
    ),
    signal: stop.signal,
  });
  python.then(
    ready =>
      log(
        'missing' in ready ? ready.missing : `MkDocs is ready: ${ready.python}`,
      ),
    () => {},
  );
  await DocsBuilder.run({
    ...options,
    hook: join(pythonFiles, 'keep_inside.py'),
    limits: buildLimits,
    intervalMs: 2_000,
    python,
    log,
    signal: stop.signal,
  });
  process.exit(0);
}

start().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
