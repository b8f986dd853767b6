import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { ConflictError } from '@backstage/errors';
import { Bed } from './Bed';
import { type BedFolder } from './BedFolder';
import { type BedState, type BedSystemName } from './BedState';
import { type BedSystem } from './BedSystem';
import { bedSystems } from './bedSystems';
import { layerOf } from './chooseSystems';
import { BedProcesses } from './processes/BedProcesses';

/**
 * Starts systems on an empty folder, side by side where none needs the other, and settles
 * when all are ready. When one fails, or the signal says stop, all are stopped again.
 *
 * @throws ConflictError when a bed runs already
 */
export async function startBed(options: {
  folder: BedFolder;
  systems: readonly BedSystem[];
  print: (line: string) => void;
  signal: AbortSignal;
}): Promise<BedState> {
  const { folder, systems, print, signal } = options;
  const processes = new BedProcesses(folder);
  if ((await processes.list()).length > 0) {
    throw new ConflictError(
      'The test bed runs already: stop it with "npm run bed:down" first',
    );
  }
  await rm(folder.run, { recursive: true, force: true });
  await mkdir(folder.run, { recursive: true });
  const state: BedState = {};
  const ready = new Map<BedSystemName, Promise<void>>();
  const start = async (system: BedSystem) => {
    await Promise.all(system.needs.map(name => ready.get(name)));
    const since = Date.now();
    const layer = layerOf(bedSystems, system);
    Object.assign(
      state,
      await system.start(new Bed({ folder, processes, state, layer, signal })),
    );
    print(`${system.title}: ready, ${secondsSince(since)} s`);
  };
  for (const system of systems) {
    ready.set(system.name, start(system));
  }
  // All have to end one way or the other before anything is stopped.
  const ends = await Promise.allSettled(ready.values());
  const failed = ends.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected' || signal.aborted) {
    await processes.stopAll();
    throw failed?.status === 'rejected' ? failed.reason : signal.reason;
  }
  await writeFile(`${folder.state}.new`, JSON.stringify(state, null, 2), {
    mode: 0o600,
  });
  await rename(`${folder.state}.new`, folder.state);
  return state;
}

/** Stops what runs; the logs stay. */
export async function stopBed(folder: BedFolder): Promise<string[]> {
  await rm(folder.state, { force: true });
  return new BedProcesses(folder).stopAll();
}

/** For people. */
export function secondsSince(since: number): string {
  return ((Date.now() - since) / 1000).toFixed(1);
}
