/** What the service reads from its environment, checked once at the start. */
export interface Configuration {
  host: string;
  port: number;
  logLevel: LogLevel;
  /** Seconds between "not ready" and the end of listening, so that load balancers notice. */
  drainSeconds: number;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment does not describe a service that could run; lists every problem. */
export class ConfigurationError extends Error {
  constructor(readonly problems: string[]) {
    super(`The environment is not usable: ${problems.join('; ')}.`);
    this.name = 'ConfigurationError';
  }
}

export function readConfiguration(
  environment: Record<string, string | undefined>,
): Configuration {
  const problems: string[] = [];

  const wholeNumber = (key: string, fallback: number, maximum: number) => {
    const text = environment[key] ?? String(fallback);
    const value = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
    if (!(value <= maximum)) {
      problems.push(`${key} must be a whole number from 0 to ${maximum}`);
      return fallback;
    }
    return value;
  };

  const logLevel = environment.LOG_LEVEL ?? 'info';
  if (!isLogLevel(logLevel)) {
    problems.push(`LOG_LEVEL must be one of ${logLevels.join(', ')}`);
  }
  const host = environment.HOST ?? '0.0.0.0';
  if (host.trim() === '') {
    problems.push('HOST must not be empty');
  }

  const configuration: Configuration = {
    host,
    port: wholeNumber('PORT', 8080, 65535),
    logLevel: isLogLevel(logLevel) ? logLevel : 'info',
    drainSeconds: wholeNumber('DRAIN_SECONDS', 5, 60),
  };
  if (problems.length > 0) {
    throw new ConfigurationError(problems);
  }
  return configuration;
}

function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text);
}
