import {
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import {
  type CheckpointDestination,
  type CheckpointFile,
  type DeliveryOutcome,
} from './CheckpointDestination';

const REQUEST_MILLISECONDS = 15_000;
/** A checkpoint has some hundred bytes; what is larger is none. */
const MAXIMUM_BYTES = 64 * 1024;

/** A bucket of an S3-compatible store; give it object lock and other people. */
export class S3Destination implements CheckpointDestination {
  readonly type = 's3';
  readonly name: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor(options: {
    name: string;
    bucket: string;
    prefix?: string;
    region: string;
    endpoint?: string;
    forcePathStyle: boolean;
    accessKeyId?: string;
    secretAccessKey?: string;
  }) {
    this.name = options.name;
    this.#bucket = options.bucket;
    this.#prefix = options.prefix ? `${options.prefix}/` : '';
    const { accessKeyId, secretAccessKey } = options;
    this.#client = new S3Client({
      region: options.region,
      endpoint: options.endpoint,
      forcePathStyle: options.forcePathStyle,
      // without: the usual places of AWS, such as the role of the machine
      credentials:
        accessKeyId && secretAccessKey
          ? { accessKeyId, secretAccessKey }
          : undefined,
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: 5_000,
        requestTimeout: REQUEST_MILLISECONDS,
      },
      // many compatible stores do not know the newer checksums
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async deliver(
    files: readonly CheckpointFile[],
    signal: AbortSignal,
  ): Promise<DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = [];
    for (const file of files) {
      outcomes.push(await this.#put(file, signal));
    }
    return outcomes;
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #put(
    file: CheckpointFile,
    signal: AbortSignal,
  ): Promise<DeliveryOutcome> {
    // Looked at first, for the stores that overlook the condition below.
    const before = await this.#get(file, signal);
    if (before !== undefined) {
      return before === file.note ? 'delivered' : 'conflict';
    }
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: this.#bucket,
          Key: this.#prefix + file.name,
          Body: file.note,
          ContentType: 'text/plain; charset=utf-8',
          IfNoneMatch: '*',
        }),
        { abortSignal: limited(signal) },
      );
      return 'delivered';
    } catch (error) {
      const status = statusOf(error);
      // 412: it is there now; 409: another writer is at it, so look again later
      if (status !== 412) {
        throw explained(error);
      }
      const now = await this.#get(file, signal);
      return now === file.note ? 'delivered' : 'conflict';
    }
  }

  async #get(
    file: CheckpointFile,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    try {
      const { Body, ContentLength } = await this.#client.send(
        new GetObjectCommand({
          Bucket: this.#bucket,
          Key: this.#prefix + file.name,
          Range: `bytes=0-${MAXIMUM_BYTES - 1}`,
        }),
        { abortSignal: limited(signal) },
      );
      if ((ContentLength ?? 0) > MAXIMUM_BYTES) {
        throw new Error(`${file.name} is larger than a checkpoint can be`);
      }
      return (await Body?.transformToString('utf-8')) ?? '';
    } catch (error) {
      // an empty object has no range to give
      if (statusOf(error) === 416) {
        return '';
      }
      if (isMissing(error)) {
        return undefined;
      }
      throw explained(error);
    }
  }
}

function limited(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MILLISECONDS)]);
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException
    ? error.$metadata.httpStatusCode
    : undefined;
}

/** A bucket that is missing is no missing object. */
function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchKey';
}

function explained(error: unknown): Error {
  if (error instanceof S3ServiceException) {
    const status = error.$metadata.httpStatusCode ?? 'nothing';
    return new Error(
      `The store answered ${status} ${error.name}: ${error.message}`,
    );
  }
  return error instanceof Error ? error : new Error(String(error));
}
