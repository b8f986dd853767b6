import { connect } from 'node:net';
import { once } from 'node:events';
import { type BedSystem } from '../BedSystem';

const program = {
  kind: 'debian',
  name: 'redis-server',
  // The server is the same file under another name; its own package would start a service.
  package: 'redis-tools',
  file: '/usr/bin/redis-check-rdb',
} as const;

/** Argo CD's cache. */
export const redis: BedSystem = {
  name: 'redis',
  title: 'Redis',
  needs: [],
  programs: [program],
  async start(bed) {
    const port = await bed.port();
    const record = await bed.start({
      name: 'redis',
      command: bed.program(program),
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', ''],
    });
    await bed.until(record, async signal => {
      const socket = connect({ port, host: '127.0.0.1' });
      try {
        await once(socket, 'connect', { signal });
      } finally {
        socket.destroy();
      }
    });
    return { redis: { address: `127.0.0.1:${port}` } };
  },
};
