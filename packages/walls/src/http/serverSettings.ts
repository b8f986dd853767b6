import { type Server } from 'node:http';
import { type Config, readDurationFromConfig } from '@backstage/config';
import { durationToMilliseconds } from '@backstage/types';

const DURATIONS = [
  'headersTimeout',
  'requestTimeout',
  'keepAliveTimeout',
  'timeout',
] as const;
const COUNTS = ['maxHeadersCount', 'maxRequestsPerSocket'] as const;

/** Applies `backend.server.*`, as the stock server does with its default routes. */
export function applyServerSettings(server: Server, config: Config) {
  const settings = config.getOptionalConfig('backend.server');
  if (!settings) {
    return;
  }
  for (const key of DURATIONS) {
    if (settings.has(key)) {
      server[key] =
        typeof settings.getOptional(key) === 'number'
          ? settings.getNumber(key)
          : durationToMilliseconds(readDurationFromConfig(settings, { key }));
    }
  }
  for (const key of COUNTS) {
    const count = settings.getOptionalNumber(key);
    if (count !== undefined) {
      server[key] = count;
    }
  }
}
