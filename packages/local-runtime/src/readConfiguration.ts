import { isIP } from 'node:net';
import { InputError } from '@backstage/errors';
import { RUNTIME_PORT_OFFSET } from '@portico/plugin-local-runtime-common';
import { z } from 'zod';

/** What the process is told by its environment; see the README for each variable. */
export interface RuntimeConfiguration {
  host: string;
  port: number;
  token: string;
  /** The bare repositories: `<tenant>/<repository>.git`. */
  gitDirectory: string;
  /** Where runs, artefacts, logs and services are kept. */
  directory: string;
  scanMilliseconds: number;
  idleMilliseconds: number;
  /** Bytes of all services together. */
  memoryLimitBytes: number;
  concurrentRuns: number;
  runLimits: RunLimits;
  /** The first of the ports that services are reached at. */
  firstServicePort: number;
}

/** What a step of a run may use. */
export interface RunLimits {
  installMilliseconds: number;
  testMilliseconds: number;
  buildMilliseconds: number;
  /** Resident memory of all processes of a step. */
  memoryBytes: number;
  /** What all steps of a run print together. */
  outputBytes: number;
  /** The run's folder with its home and temporary files. */
  diskBytes: number;
}

const MEBIBYTE = 1024 * 1024;

const seconds = (fallback: number, maximum: number) =>
  z.coerce.number().positive().max(maximum).default(fallback);
const portSchema = z.coerce.number().int().min(1).max(65535);

const environmentSchema = z.object({
  PORTICO_RUNTIME_TOKEN: z.string().min(16),
  PORTICO_RUNTIME_HOST: z.string().default('127.0.0.1'),
  PORTICO_RUNTIME_PORT: portSchema.optional(),
  PORTICO_PORT: portSchema.default(7007),
  PORTICO_GIT_DIRECTORY: z.string().startsWith('/'),
  PORTICO_RUNTIME_DIRECTORY: z.string().startsWith('/'),
  PORTICO_RUNTIME_SCAN_SECONDS: seconds(3, 3_600),
  PORTICO_RUNTIME_IDLE_SECONDS: seconds(900, 86_400),
  PORTICO_RUNTIME_MEMORY_MEBIBYTES: z.coerce
    .number()
    .int()
    .min(64)
    .max(1_048_576)
    .default(512),
  PORTICO_RUNTIME_CONCURRENT_RUNS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1),
  PORTICO_RUNTIME_INSTALL_SECONDS: seconds(180, 3_600),
  PORTICO_RUNTIME_TEST_SECONDS: seconds(180, 3_600),
  PORTICO_RUNTIME_BUILD_SECONDS: seconds(120, 3_600),
  PORTICO_RUNTIME_RUN_MEMORY_MEBIBYTES: z.coerce
    .number()
    .int()
    .min(64)
    .max(65_536)
    .default(1_024),
  PORTICO_RUNTIME_SERVICE_PORT: portSchema.min(1_024).optional(),
});

/**
 * Reads and checks the environment.
 *
 * @throws InputError where the runtime must not run: in production, on an address that
 * others reach, or without a token
 */
export function readConfiguration(
  environment: Record<string, string | undefined>,
): RuntimeConfiguration {
  if (environment.NODE_ENV === 'production') {
    throw new InputError(
      'The local runtime does not start with NODE_ENV=production: it runs the code of repositories as your own user. Use a pipeline and Argo CD there.',
    );
  }
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    // Messages of zod do not repeat the value, which may be the token.
    const problems = parsed.error.issues.map(
      issue => `${issue.path.join('.')}: ${issue.message}`,
    );
    throw new InputError(
      `The local runtime cannot read its environment: ${problems.join('; ')}.`,
    );
  }
  const values = parsed.data;
  if (!isLoopback(values.PORTICO_RUNTIME_HOST)) {
    throw new InputError(
      `The local runtime listens on loopback only, and PORTICO_RUNTIME_HOST is '${values.PORTICO_RUNTIME_HOST}': leave it out or set 127.0.0.1.`,
    );
  }
  const port =
    values.PORTICO_RUNTIME_PORT ?? values.PORTICO_PORT + RUNTIME_PORT_OFFSET;
  return {
    host: values.PORTICO_RUNTIME_HOST,
    port,
    token: values.PORTICO_RUNTIME_TOKEN,
    gitDirectory: values.PORTICO_GIT_DIRECTORY,
    directory: values.PORTICO_RUNTIME_DIRECTORY,
    scanMilliseconds: values.PORTICO_RUNTIME_SCAN_SECONDS * 1_000,
    idleMilliseconds: values.PORTICO_RUNTIME_IDLE_SECONDS * 1_000,
    memoryLimitBytes: values.PORTICO_RUNTIME_MEMORY_MEBIBYTES * MEBIBYTE,
    concurrentRuns: values.PORTICO_RUNTIME_CONCURRENT_RUNS,
    runLimits: {
      installMilliseconds: values.PORTICO_RUNTIME_INSTALL_SECONDS * 1_000,
      testMilliseconds: values.PORTICO_RUNTIME_TEST_SECONDS * 1_000,
      buildMilliseconds: values.PORTICO_RUNTIME_BUILD_SECONDS * 1_000,
      memoryBytes: values.PORTICO_RUNTIME_RUN_MEMORY_MEBIBYTES * MEBIBYTE,
      outputBytes: 5 * MEBIBYTE,
      diskBytes: 1_024 * MEBIBYTE,
    },
    // Apart for each port of the portal, and below the ports that systems hand out.
    firstServicePort:
      values.PORTICO_RUNTIME_SERVICE_PORT ?? 10_100 + (port % 100) * 200,
  };
}

function isLoopback(host: string): boolean {
  return host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
