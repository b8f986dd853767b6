// `npm run test:chart`, started by bin/chart.mjs: brings helm, kubeconform and the
// descriptions of all kinds, and runs the tests `*.chart.test.ts`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isError, NotFoundError } from '@backstage/errors';
import {
  closingLine,
  readJestResult,
  repositoryRoot,
  runInTerminal,
  TerminalHost,
} from '@portico/launcher';
import {
  BedFolder,
  buildProgram,
  findProgram,
  type GoProgram,
  readBedState,
} from '@portico/testbed';
import { chartEnvironment, helm, kubeconform } from './chartPrograms';
import { writeSchemas } from './schemas/writeSchemas';

const folder = new BedFolder();
const host = new TerminalHost();
const print = (line: string) => host.print(line);

async function bring(program: GoProgram): Promise<string> {
  if (!findProgram(folder, program)) {
    print(`${program.name}: is built, which takes a while`);
    await buildProgram(folder, program, host.signal);
  }
  const found = findProgram(folder, program);
  if (!found) {
    throw new NotFoundError(`${program.name} was built and is not there`);
  }
  return found;
}

async function main(args: readonly string[]): Promise<number> {
  const scratch = await mkdtemp(join(tmpdir(), 'portico-chart-'));
  try {
    const schemas = join(scratch, 'schemas');
    await writeSchemas({ folder, target: schemas, signal: host.signal });
    const { kubernetes, kwok } = readBedState(folder.state);
    if (!kubernetes || !kwok) {
      print(
        'skipped: what needs a cluster; "npm run bed:up -- kwok" starts one',
      );
    }
    const report = join(scratch, 'report.json');
    const code = await runInTerminal({
      command: process.execPath,
      args: [
        resolve(
          repositoryRoot,
          'node_modules/@backstage/cli/bin/backstage-cli',
        ),
        'repo',
        'test',
        '--watch=false',
        '--runInBand',
        // Elsewhere they are passed over.
        '--testPathIgnorePatterns=/node_modules/',
        '--json',
        `--outputFile=${report}`,
        ...(args.length > 0 ? args : ['\\.chart\\.test\\.ts$']),
      ],
      cwd: repositoryRoot,
      environment: {
        ...process.env,
        NODE_ENV: 'test',
        PORTICO_BED_STATE: folder.state,
        [chartEnvironment.helm]: await bring(helm),
        [chartEnvironment.kubeconform]: await bring(kubeconform),
        [chartEnvironment.schemas]: schemas,
      },
      signal: host.signal,
    });
    const result = await readJestResult(report);
    if (code !== 0 && result.failed === 0) {
      result.failed = 1;
    }
    print(closingLine(result));
    return result.failed === 0 ? 0 : 1;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

main(process.argv.slice(2)).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${isError(error) ? error.message : error}\n`);
    process.exit(1);
  },
);
