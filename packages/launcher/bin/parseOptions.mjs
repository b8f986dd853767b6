import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LauncherError } from './LauncherError.mjs';
import { root } from './paths.mjs';

export const usage = `npm start -- [options]

  --port <number>  port of the portal (7007)
  --data <folder>  where database, repositories and secrets are kept (.portico)
  --no-demo        start without the demo tenants
  --dev            hot reload: the app on port 3000, the backend restarts on changes
  --help           print this`;

/** Reads the options of `npm start`, or says which of them is wrong. */
export function parseOptions(args) {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        port: { type: 'string', default: '7007' },
        data: { type: 'string', default: resolve(root, '.portico') },
        'no-demo': { type: 'boolean', default: false },
        dev: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new LauncherError(`${error.message}\n\n${usage}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new LauncherError(
      `--port ${values.port} is no port: expected a number from 1 to 65535.`,
    );
  }
  return {
    port,
    data: resolve(values.data),
    demo: !values['no-demo'],
    dev: values.dev,
    help: values.help,
  };
}
