import { type BedSystem } from '../BedSystem';
import { fetchText } from '../Bed';

const program = {
  kind: 'go',
  name: 'etcd',
  module: 'go.etcd.io/etcd/server/v3',
  version: 'v3.6.12',
  package: 'go.etcd.io/etcd/server/v3',
  mayBeOnPath: true,
} as const;

/** Where Kubernetes keeps its objects. */
export const etcd: BedSystem = {
  name: 'etcd',
  title: 'etcd',
  needs: [],
  programs: [program],
  async start(bed) {
    const url = `http://127.0.0.1:${await bed.port()}`;
    const peer = `http://127.0.0.1:${await bed.port()}`;
    const record = await bed.start({
      name: 'etcd',
      command: bed.program(program),
      args: [
        `--data-dir=${bed.path('etcd')}`,
        `--listen-client-urls=${url}`,
        `--advertise-client-urls=${url}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        '--log-level=error',
        // Nothing of the bed has to survive the machine.
        '--unsafe-no-fsync',
      ],
    });
    await bed.until(record, signal => fetchText(`${url}/health`, { signal }));
    return { etcd: { url } };
  },
};
