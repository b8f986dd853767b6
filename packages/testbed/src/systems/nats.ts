import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { fetchText } from '../Bed';
import { type BedSystem } from '../BedSystem';

const program = {
  kind: 'go',
  name: 'nats-server',
  module: 'github.com/nats-io/nats-server/v2',
  version: 'v2.15.2',
  package: 'github.com/nats-io/nats-server/v2',
  mayBeOnPath: true,
} as const;

/** A message server with JetStream. */
export const nats: BedSystem = {
  name: 'nats',
  title: 'NATS JetStream',
  needs: [],
  programs: [program],
  async start(bed) {
    const port = await bed.port();
    const monitor = await bed.port();
    const token = randomBytes(24).toString('hex');
    const settings = bed.path('nats.conf');
    await writeFile(
      settings,
      `host: 127.0.0.1
port: ${port}
http: 127.0.0.1:${monitor}
jetstream: { store_dir: ${JSON.stringify(bed.path('nats'))} }
authorization: { token: ${JSON.stringify(token)} }
`,
      { mode: 0o600 },
    );
    const record = await bed.start({
      name: 'nats',
      command: bed.program(program),
      args: ['--config', settings],
    });
    await bed.until(record, signal =>
      fetchText(`http://127.0.0.1:${monitor}/healthz`, { signal }),
    );
    return { nats: { url: `nats://127.0.0.1:${port}`, token } };
  },
};
