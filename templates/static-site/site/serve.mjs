// Serves dist/: node serve.mjs
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { createSiteServer } from './lib/createSiteServer.mjs';
import { readConfiguration } from './lib/readConfiguration.mjs';

const here = file => new URL(file, import.meta.url).pathname;
let name = 'site';
const log = (level, message, fields) =>
  process.stdout.write(
    `${JSON.stringify({
      time: new Date().toISOString(),
      level,
      service: name,
      message,
      ...fields,
    })}\n`,
  );

try {
  const { host, port, drainSeconds } = readConfiguration(process.env);
  ({ name } = JSON.parse(await readFile(here('site.json'), 'utf8')));
  const readiness = { ready: false };
  const server = await createSiteServer({
    directory: here('dist/'),
    name,
    readiness,
  });
  server.listen(port, host);
  await once(server, 'listening');
  readiness.ready = true;
  log('info', 'The service listens.', { host, port: server.address().port });

  const end = async () => {
    if (!readiness.ready) return;
    readiness.ready = false;
    await wait(drainSeconds * 1000);
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
} catch (error) {
  log(
    'error',
    error.code === 'ENOENT'
      ? 'There is no dist/: run "npm run build" first.'
      : error.message,
  );
  process.exitCode = 1;
}
