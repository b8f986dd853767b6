import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import {
  closingLine,
  readJestResult,
  repositoryRoot,
  runInTerminal,
} from '@portico/launcher';
import { type BedFolder } from './BedFolder';
import { fetchText } from './Bed';
import { BED_STATE_VARIABLE, readBedState } from './BedState';

/** Tests beside those: they take what the bed has when it is there. */
const others = [
  'promotions-backend-module-(nats|opa|argocd)/',
  'promotions-backend-module-git-hosts/src/HostedRepository',
];

/**
 * Runs the tests that talk to real systems: `*.bed.test.ts` beside what they test, and those
 * that take a program on the PATH or the description of a vendor when there is one. Those of
 * a system that does not run are skipped, and say so.
 */
export async function runBedTests(options: {
  folder: BedFolder;
  args: readonly string[];
  signal: AbortSignal;
  print: (line: string) => void;
}): Promise<number> {
  const { folder, args, signal, print } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'portico-bed-test-'));
  try {
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
        ...(args.length > 0 ? args : ['\\.bed\\.test\\.ts$', ...others]),
      ],
      cwd: repositoryRoot,
      environment: {
        ...process.env,
        NODE_ENV: 'test',
        ...(await bedEnvironment(folder, scratch)),
      },
      signal,
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

async function bedEnvironment(
  folder: BedFolder,
  scratch: string,
): Promise<NodeJS.ProcessEnv> {
  const { gitea, postgres } = readBedState(folder.state);
  const giteaSwagger = join(scratch, 'gitea.json');
  if (gitea) {
    await writeFile(
      giteaSwagger,
      await fetchText(`${gitea.url}/swagger.v1.json`),
    );
  }
  const argoSwagger = join(folder.share('argocd'), 'assets/swagger.json');
  return {
    [BED_STATE_VARIABLE]: folder.state,
    PATH: [folder.programs, process.env.PATH].join(delimiter),
    ...(gitea && { PORTICO_GITEA_SWAGGER: giteaSwagger }),
    ...(existsSync(argoSwagger) && { PORTICO_ARGOCD_SWAGGER: argoSwagger }),
    ...(postgres && {
      PORTICO_TEST_POSTGRES: `postgres://postgres:${postgres.password}@127.0.0.1:${postgres.port}/postgres`,
    }),
  };
}
