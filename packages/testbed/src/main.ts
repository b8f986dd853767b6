// `npm run bed:build|bed:up|bed:down|bed:status` and `npm run test:bed`, started by bin/bed.mjs.
import { InputError, isError } from '@backstage/errors';
import { TerminalHost } from '@portico/launcher';
import { BedFolder } from './BedFolder';
import { readBedState } from './BedState';
import { type BedSystem } from './BedSystem';
import { bedSystems } from './bedSystems';
import { findProgram } from './build/BedProgram';
import { buildProgram } from './build/buildProgram';
import { chooseSystems } from './chooseSystems';
import { BedProcesses } from './processes/BedProcesses';
import { runBedTests } from './runBedTests';
import { secondsSince, startBed, stopBed } from './startBed';

const folder = new BedFolder();
const host = new TerminalHost();
const print = (line: string) => host.print(line);

function missingPrograms(system: BedSystem) {
  return system.programs.filter(program => !findProgram(folder, program));
}

async function build(systems: readonly BedSystem[]): Promise<number> {
  for (const system of systems) {
    for (const program of missingPrograms(system)) {
      print(`${program.name}: is built or installed, which can take long`);
      const since = Date.now();
      await buildProgram(folder, program, host.signal);
      print(`${program.name}: there, ${secondsSince(since)} s`);
    }
  }
  return 0;
}

async function up(systems: readonly BedSystem[]): Promise<number> {
  await build(systems);
  const since = Date.now();
  const state = await startBed({
    folder,
    systems,
    print,
    signal: host.signal,
  });
  print(
    `${Object.keys(state).length} systems in ${secondsSince(
      since,
    )} s; addresses and credentials: ${folder.state}`,
  );
  return 0;
}

async function down(): Promise<number> {
  const stopped = await stopBed(folder);
  print(stopped.length > 0 ? `stopped: ${stopped.join(', ')}` : 'nothing runs');
  return 0;
}

async function status(): Promise<number> {
  const state = readBedState(folder.state);
  const running = await new BedProcesses(folder).list();
  for (const system of bedSystems) {
    const missing = missingPrograms(system).map(({ name }) => name);
    const built =
      missing.length > 0 ? `not built: ${missing.join(', ')}` : 'built';
    print(`${system.title}: ${state[system.name] ? 'started' : built}`);
  }
  print(
    `${running.length} processes: ${running
      .map(({ name, pid }) => `${name} (${pid})`)
      .join(', ')}`,
  );
  return 0;
}

async function test(args: readonly string[]): Promise<number> {
  const isUp = (await new BedProcesses(folder).list()).length > 0;
  const systems = bedSystems.filter(system =>
    chooseSystems(bedSystems, [system.name]).every(
      one => missingPrograms(one).length === 0,
    ),
  );
  for (const { name, title } of bedSystems) {
    if (!systems.some(one => one.name === name)) {
      print(`skipped: ${title} is not built; "npm run bed:up" builds it`);
    }
  }
  if (!isUp && systems.length > 0) {
    await startBed({ folder, systems, print, signal: host.signal });
  }
  try {
    return await runBedTests({ folder, args, signal: host.signal, print });
  } finally {
    if (!isUp) {
      await stopBed(folder);
    }
  }
}

async function main([command, ...args]: readonly string[]): Promise<number> {
  switch (command) {
    case 'build':
      return build(chooseSystems(bedSystems, args));
    case 'up':
      return up(chooseSystems(bedSystems, args));
    case 'down':
      return down();
    case 'status':
      return status();
    case 'test':
      return test(args);
    default:
      throw new InputError(
        `The test bed knows build, up, down, status and test, not '${
          command ?? ''
        }'`,
      );
  }
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${isError(error) ? error.message : error}\n`);
    process.exit(1);
  },
);
