import { type BedSystem } from '../BedSystem';
import { fetchText } from '../Bed';

const program = {
  kind: 'go',
  name: 'toxiproxy-server',
  module: 'github.com/Shopify/toxiproxy/v2',
  version: 'v2.5.0',
  package: 'github.com/Shopify/toxiproxy/v2/cmd/server',
  mayBeOnPath: true,
} as const;

/** Stands between two systems and disturbs what they say. */
export const toxiproxy: BedSystem = {
  name: 'toxiproxy',
  title: 'toxiproxy',
  needs: [],
  programs: [program],
  async start(bed) {
    const port = await bed.port();
    const url = `http://127.0.0.1:${port}`;
    const record = await bed.start({
      name: 'toxiproxy',
      command: bed.program(program),
      args: ['-host', '127.0.0.1', '-port', String(port)],
    });
    await bed.until(record, signal => fetchText(`${url}/version`, { signal }));
    return { toxiproxy: { url } };
  },
};
