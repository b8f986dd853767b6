import {
  DeleteObjectCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { NotFoundError } from '@backstage/errors';
import { Readable } from 'node:stream';
import { isBackupName, MANIFEST_FILE } from './BackupManifest';
import { type BackupStore } from './BackupStore';

/** A part is kept in memory while it is sent; 10,000 of them make 312 GB. */
const PART_BYTES = 32 * 1024 * 1024;

/** Where a bucket is; credentials come from the usual places of AWS. */
export interface BucketOptions {
  bucket: string;
  /** Put before each name, without slashes at its ends. */
  prefix: string;
  region?: string;
  /** Of a store that is not AWS. */
  endpoint?: string;
}

/** Backups in a bucket of an S3-compatible store. */
export class BucketStore implements BackupStore {
  readonly title: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor(options: BucketOptions) {
    const { bucket, prefix, region, endpoint } = options;
    this.title = `s3://${bucket}/${prefix}`;
    this.#bucket = bucket;
    this.#prefix = prefix ? `${prefix}/` : '';
    this.#client = new S3Client({
      region: region ?? process.env.AWS_REGION ?? 'us-east-1',
      endpoint,
      forcePathStyle: Boolean(endpoint),
      maxAttempts: 4,
      requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000 },
      // many compatible stores do not know the newer checksums; the manifest has our own
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  }

  async list(): Promise<string[]> {
    const names = new Set<string>();
    for (const key of await this.#keys(this.#prefix)) {
      const [name] = key.slice(this.#prefix.length).split('/');
      if (isBackupName(name)) names.add(name);
    }
    return [...names].sort();
  }

  async files(backup: string): Promise<string[]> {
    const folder = this.#key(backup, '');
    return (await this.#keys(folder)).map(key => key.slice(folder.length));
  }

  async write(backup: string, file: string, content: Readable): Promise<void> {
    await new Upload({
      client: this.#client,
      partSize: PART_BYTES,
      queueSize: 2,
      params: {
        Bucket: this.#bucket,
        Key: this.#key(backup, file),
        Body: content,
      },
    }).done();
  }

  async read(backup: string, file: string): Promise<Readable> {
    const { Body } = await this.#client.send(
      new GetObjectCommand({
        Bucket: this.#bucket,
        Key: this.#key(backup, file),
      }),
    );
    if (!(Body instanceof Readable)) {
      throw new NotFoundError(`${this.title}/${backup}/${file} has no content`);
    }
    return Body;
  }

  async remove(backup: string): Promise<void> {
    const keys = await this.#keys(this.#key(backup, ''));
    // the manifest first: what is left when this is cut off is no backup any more
    keys.sort(
      (left, right) =>
        Number(right.endsWith(MANIFEST_FILE)) -
        Number(left.endsWith(MANIFEST_FILE)),
    );
    for (const Key of keys) {
      await this.#client.send(
        new DeleteObjectCommand({ Bucket: this.#bucket, Key }),
      );
    }
  }

  #key(backup: string, file: string): string {
    return `${this.#prefix}${backup}/${file}`;
  }

  async #keys(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: this.#bucket, Prefix: prefix },
    );
    for await (const { Contents } of pages) {
      for (const { Key } of Contents ?? []) {
        if (Key) keys.push(Key);
      }
    }
    return keys;
  }
}
