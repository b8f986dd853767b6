import { type DestinationConfig } from '../config/readAuditConfig';
import { type CheckpointDestination } from './CheckpointDestination';
import { FileDestination } from './FileDestination';
import { GitDestination } from './GitDestination';
import { S3Destination } from './S3Destination';

/** The destination that the configuration describes. */
export function createDestination(
  config: DestinationConfig,
  options: { origin: string },
): CheckpointDestination {
  switch (config.type) {
    case 'file':
      return new FileDestination(config);
    case 's3':
      return new S3Destination(config);
    case 'git':
      return new GitDestination({ ...config, origin: options.origin });
    default:
      config satisfies never;
      throw new Error('There is no such destination');
  }
}
