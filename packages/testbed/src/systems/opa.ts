import { fetchText } from '../Bed';
import { type BedSystem } from '../BedSystem';

const program = {
  kind: 'go',
  name: 'opa',
  module: 'github.com/open-policy-agent/opa',
  version: 'v1.22.2',
  package: 'github.com/open-policy-agent/opa',
  mayBeOnPath: true,
} as const;

/** A server that decides by policies, without any at first. */
export const opa: BedSystem = {
  name: 'opa',
  title: 'Open Policy Agent',
  needs: [],
  programs: [program],
  async start(bed) {
    const url = `http://127.0.0.1:${await bed.port()}`;
    const record = await bed.start({
      name: 'opa',
      command: bed.program(program),
      args: ['run', '--server', '--addr', url, '--disable-telemetry'],
    });
    await bed.until(record, signal => fetchText(`${url}/health`, { signal }));
    return { opa: { url } };
  },
};
