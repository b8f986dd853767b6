import { parseArgs } from 'node:util';

/** What the suite is asked to do. */
export interface SuiteOptions {
  /** A ring of pairs in place of all, fewer random sequences, and no second portal. */
  quick: boolean;
  /** First of the ports on loopback that the suite's own portals listen on. */
  port: number;
  /** The same seed gives the same words and the same sequences. */
  seed: string;
  /** Where the report for programs goes. */
  report: string;
  /** A running portal to test in place of an own one. */
  portal?: { url: string; tokensFile: string };
  /** A superuser's connection to the database of that portal. */
  database?: string;
  /** Only operations whose name holds this. */
  only?: string;
  skipMutants: boolean;
}

export const usage = `Usage: npm run test:isolation -- [options]
  --quick              a ring of pairs, and no second portal
  --portal <url>       test a running portal; needs --tokens
  --tokens <file>      JSON with the tokens of prepared tenants, see docs/isolation.md
  --database <url>     superuser's connection to that portal's database, to compare rows
  --only <text>        only operations whose name holds the text
  --seed <text>        repeat a run
  --report <file>      report as JSON (isolation-report.json)
  --port <number>      first port of the suite's own portals (7176)
  --skip-mutants       leave out the guards that are switched off`;

/** @throws Error that says which option is wrong */
export function readOptions(args: string[]): SuiteOptions {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      portal: { type: 'string' },
      tokens: { type: 'string' },
      database: { type: 'string' },
      only: { type: 'string' },
      seed: { type: 'string' },
      report: { type: 'string', default: 'isolation-report.json' },
      port: { type: 'string', default: '7176' },
      'skip-mutants': { type: 'boolean', default: false },
    },
  });
  const { portal, tokens } = values;
  if ((portal === undefined) !== (tokens === undefined)) {
    throw new Error(`--portal and --tokens go together.\n${usage}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1024 || port > 65_000) {
    throw new Error(
      `--port ${values.port} is no port: give a number from 1024 to 65000.`,
    );
  }
  return {
    quick: values.quick,
    port,
    seed: values.seed ?? String(Date.now()),
    report: values.report,
    portal: portal && tokens ? { url: portal, tokensFile: tokens } : undefined,
    database: values.database,
    only: values.only,
    skipMutants: values['skip-mutants'],
  };
}
