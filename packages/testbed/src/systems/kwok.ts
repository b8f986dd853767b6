import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BedSystem } from '../BedSystem';
import { KubernetesApi } from './KubernetesApi';

const program = {
  kind: 'go',
  name: 'kwok',
  module: 'sigs.k8s.io/kwok',
  version: 'v0.8.0',
  package: 'sigs.k8s.io/kwok/cmd/kwok',
  keepsSources: true,
} as const;

const NODE = 'bed-1';
const CAPACITY = { cpu: '32', memory: '64Gi', pods: '110' };

/** Plays a node: pods become ready without a container. */
export const kwok: BedSystem = {
  name: 'kwok',
  title: 'kwok (simulated node)',
  needs: ['kubernetes'],
  programs: [program],
  async start(bed) {
    const kubernetes = bed.of('kubernetes');
    const stages = bed.path('kwok-stages.yaml');
    await writeFile(
      stages,
      await readStages(join(bed.folder.share(program.name), 'kustomize/stage')),
    );
    const record = await bed.start({
      name: 'kwok',
      command: bed.program(program),
      args: [
        `--kubeconfig=${kubernetes.kubeconfig}`,
        '--manage-all-nodes=true',
        '--node-lease-duration-seconds=40',
        `--config=${stages}`,
      ],
    });
    const api = new KubernetesApi(kubernetes);
    await api.create('/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: NODE, labels: { 'kubernetes.io/hostname': NODE } },
      status: { allocatable: CAPACITY, capacity: CAPACITY },
    });
    await bed.until(record, async () => {
      const node = await api.get(`/api/v1/nodes/${NODE}`);
      if (!/"type":"Ready","status":"True"/.test(node)) {
        throw new Error('The node is not ready');
      }
    });
    return { kwok: { nodes: [NODE] } };
  },
};

/** What nodes and pods go through, as kwok brings it. */
async function readStages(folder: string): Promise<string> {
  const documents: string[] = [];
  for (const kind of ['node/fast', 'node/heartbeat-with-lease', 'pod/fast']) {
    const files = await readdir(join(folder, kind));
    for (const file of files.filter(
      name => name.endsWith('.yaml') && !name.startsWith('kustomization'),
    )) {
      documents.push(await readFile(join(folder, kind, file), 'utf8'));
    }
  }
  return documents.join('\n---\n');
}
