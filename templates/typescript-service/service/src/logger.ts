import { logLevels, type LogLevel } from './configuration.js';

export type LogFields = Record<string, string | number | boolean | undefined>;

/** One JSON object per line; the platform collects what is written to stdout. */
export interface Logger {
  log(level: LogLevel, message: string, fields?: LogFields): void;
}

export function createLogger(options: {
  service: string;
  level: LogLevel;
  write?: (line: string) => void;
}): Logger {
  const { service, level: lowest } = options;
  const write = options.write ?? (line => process.stdout.write(line));
  return {
    log(level, message, fields) {
      if (logLevels.indexOf(level) < logLevels.indexOf(lowest)) {
        return;
      }
      const entry = {
        time: new Date().toISOString(),
        level,
        service,
        message,
        ...fields,
      };
      write(`${JSON.stringify(entry)}\n`);
    },
  };
}
