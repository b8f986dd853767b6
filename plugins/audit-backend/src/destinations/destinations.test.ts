import { execFileSync } from 'child_process';
import { createHash, createHmac } from 'crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'fs/promises';
import { createServer, type IncomingMessage, type Server } from 'http';
import { type AddressInfo } from 'net';
import { tmpdir } from 'os';
import { join } from 'path';
import { mockServices } from '@backstage/backend-test-utils';
import { AuditEngine } from '../__testUtils__/AuditEngine';
import {
  type CheckpointDestination,
  checkpointFileName,
} from './CheckpointDestination';
import { DeliveryStore } from './DeliveryStore';
import { DeliveryWorker } from './DeliveryWorker';
import { FileDestination } from './FileDestination';
import { GitDestination } from './GitDestination';
import { S3Destination } from './S3Destination';

jest.setTimeout(60_000);

const { signal } = new AbortController();

const file = (size: number, note = `note ${size}\n`, chain = 'aurora') => ({
  chain,
  size,
  name: checkpointFileName(chain, size),
  note,
});

const accessKeyId = 'AKIDEXAMPLE';
const secretAccessKey = 'wJalrXUtnFEMI-secret';

/**
 * As much of S3 as a destination uses: it computes each signature itself from the
 * secret, keeps objects, and honours `If-None-Match: *`.
 */
function createS3Server(objects: Map<string, string>): Server {
  return createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const path = new URL(request.url ?? '', 'http://s3').pathname;
      const answer = (status: number, code = '', text = '') => {
        response.writeHead(status, { 'content-type': 'application/xml' });
        response.end(
          text || (code && `<Error><Code>${code}</Code><Message/></Error>`),
        );
      };
      if (!isSigned(request, path, body)) {
        answer(403, 'SignatureDoesNotMatch');
      } else if (!path.startsWith('/vault/')) {
        answer(404, 'NoSuchBucket');
      } else if (request.method === 'GET') {
        const found = objects.get(path);
        answer(found ? 200 : 404, 'NoSuchKey', found);
      } else if (request.method === 'PUT') {
        if (request.headers['if-none-match'] === '*' && objects.has(path)) {
          answer(412, 'PreconditionFailed');
        } else {
          objects.set(path, body);
          answer(200);
        }
      } else {
        answer(405, 'MethodNotAllowed');
      }
    });
  });
}

/** AWS Signature Version 4, computed anew. */
function isSigned(request: IncomingMessage, path: string, body: string) {
  const [, day, region, names, given] =
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/(\d+)\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w+)$/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  const bodyHash = createHash('sha256').update(body).digest('hex');
  if (!given || request.headers['x-amz-content-sha256'] !== bodyHash) {
    return false;
  }
  const query = [...new URL(request.url ?? '', 'http://s3').searchParams]
    .map(pair => pair.map(encodeURIComponent).join('='))
    .sort()
    .join('&');
  const canonical = [
    request.method,
    path,
    query,
    ...names
      .split(';')
      .map(name => `${name}:${String(request.headers[name]).trim()}`),
    '',
    names,
    bodyHash,
  ].join('\n');
  const text = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    `${day}/${region}/s3/aws4_request`,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n');
  const hmac = (key: Buffer | string, value: string) =>
    createHmac('sha256', key).update(value).digest();
  const key = [day, region, 's3', 'aws4_request'].reduce(
    (before: Buffer | string, part) => hmac(before, part),
    `AWS4${secretAccessKey}`,
  );
  return hmac(key, text).toString('hex') === given;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

interface Place {
  make(): CheckpointDestination;
  /** What is there under a name. */
  read(name: string): Promise<string | undefined>;
  /** Puts something there, as somebody else. */
  write(name: string, text: string): Promise<void>;
  close?(): Promise<void>;
}

const places: Record<string, (folder: string) => Promise<Place>> = {
  async file(folder) {
    const directory = join(folder, 'not', 'yet', 'there');
    return {
      make: () => new FileDestination({ name: 'folder', directory }),
      read: name =>
        readFile(join(directory, name), 'utf8').catch(() => undefined),
      async write(name, text) {
        await mkdir(join(directory, name, '..'), { recursive: true });
        await writeFile(join(directory, name), text);
      },
    };
  },
  async s3() {
    const objects = new Map<string, string>();
    const server = createS3Server(objects);
    const port = await listen(server);
    return {
      make: () =>
        new S3Destination({
          name: 'bucket',
          bucket: 'vault',
          prefix: 'portal/audit',
          region: 'eu-central-1',
          endpoint: `http://127.0.0.1:${port}`,
          forcePathStyle: true,
          accessKeyId,
          secretAccessKey,
        }),
      read: async name => objects.get(`/vault/portal/audit/${name}`),
      async write(name, text) {
        objects.set(`/vault/portal/audit/${name}`, text);
      },
      async close() {
        server.closeAllConnections();
        await new Promise(done => server.close(done));
      },
    };
  },
  async git(folder) {
    const repository = join(folder, 'witness.git');
    const git = (...args: string[]) =>
      execFileSync('git', ['--git-dir', repository, ...args], {
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      });
    execFileSync('git', ['init', '--quiet', '--bare', repository]);
    return {
      make: () =>
        new GitDestination({
          name: 'witness',
          url: `file://${repository}`,
          branch: 'checkpoints',
          origin: 'portal.example.com:7007',
        }),
      async read(name) {
        try {
          return git('show', `checkpoints:${name}`);
        } catch {
          return undefined;
        }
      },
      async write(name, text) {
        const work = join(folder, 'work');
        const other = (...args: string[]) =>
          execFileSync(
            'git',
            ['-C', work, '-c', 'user.name=o', '-c', 'user.email=o@o', ...args],
            { stdio: 'ignore' },
          );
        execFileSync('git', ['init', '--quiet', work]);
        try {
          other('fetch', repository, 'checkpoints');
          other('checkout', '-B', 'checkpoints', 'FETCH_HEAD');
        } catch {
          other('checkout', '-B', 'checkpoints');
        }
        await mkdir(join(work, name, '..'), { recursive: true });
        await writeFile(join(work, name), text);
        other('add', '.');
        other('commit', '-m', 'other');
        other('push', repository, 'checkpoints');
      },
    };
  },
};

describe('destinations', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  describe.each(Object.keys(places))('%s', type => {
    let place: Place;
    let destination: CheckpointDestination;
    beforeEach(async () => {
      place = await places[type](folder);
      destination = place.make();
    });
    afterEach(async () => {
      await destination.close();
      await place.close?.();
    });

    it('keeps checkpoints, takes the same again, and replaces nothing', async () => {
      const first = file(10);
      await expect(destination.deliver([first], signal)).resolves.toEqual([
        'delivered',
      ]);
      await expect(place.read('aurora/000000000010.checkpoint')).resolves.toBe(
        'note 10\n',
      );
      await place.write(checkpointFileName('aurora', 20), 'what another wrote');
      const other = place.make();
      await expect(
        other.deliver(
          [first, file(20), file(30), file(10, 'n\n', 'borealis')],
          signal,
        ),
      ).resolves.toEqual(['delivered', 'conflict', 'delivered', 'delivered']);
      await other.close();
      await expect(place.read(checkpointFileName('aurora', 20))).resolves.toBe(
        'what another wrote',
      );
      await expect(
        place.read(checkpointFileName('borealis', 10)),
      ).resolves.toBe('n\n');
      // one that stands there with other content stays, whoever asks
      await expect(
        destination.deliver([file(30, 'another past\n')], signal),
      ).resolves.toEqual(['conflict']);
      await expect(place.read(checkpointFileName('aurora', 30))).resolves.toBe(
        'note 30\n',
      );
    });

    it('takes the work of two replicas at once', async () => {
      const files = [file(1), file(2), file(3)];
      const other = place.make();
      const outcomes = await Promise.all([
        destination.deliver(files, signal),
        other.deliver([...files, file(4)], signal),
      ]);
      await other.close();
      expect(new Set(outcomes.flat())).toEqual(new Set(['delivered']));
      for (const { name, note } of [...files, file(4)]) {
        await expect(place.read(name)).resolves.toBe(note);
      }
    });
  });

  it('leaves no half file behind in a folder', async () => {
    const destination = await places.file(folder).then(place => place.make());
    await destination.deliver([file(1), file(1), file(2)], signal);
    await expect(
      readdir(join(folder, 'not/yet/there/aurora')),
    ).resolves.toEqual(['000000000001.checkpoint', '000000000002.checkpoint']);
  });

  it('refuses a wrong secret, a missing bucket and a silent server without naming the secret', async () => {
    const server = createS3Server(new Map());
    const port = await listen(server);
    const options = {
      name: 'bucket',
      bucket: 'vault',
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      accessKeyId,
      secretAccessKey: 'wrong-secret',
    };
    const deliver = async (more: Partial<typeof options>) => {
      const destination = new S3Destination({ ...options, ...more });
      try {
        return await destination.deliver([file(1)], signal);
      } finally {
        await destination.close();
      }
    };
    await expect(deliver({})).rejects.toThrow('403 SignatureDoesNotMatch');
    await expect(
      deliver({ secretAccessKey, bucket: 'elsewhere' }),
    ).rejects.toThrow('404 NoSuchBucket');
    server.closeAllConnections();
    await new Promise(done => server.close(done));
    await expect(deliver({ secretAccessKey })).rejects.toThrow('ECONNREFUSED');
  });

  it('shows git a credential in the environment only', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization ?? '');
      response.writeHead(403).end();
    });
    const port = await listen(server);
    const destination = new GitDestination({
      name: 'witness',
      url: `http://127.0.0.1:${port}/witness.git`,
      branch: 'main',
      username: 'portico',
      password: 'hush-hush',
      origin: 'portal.example.com',
    });
    const error = await destination
      .deliver([file(1)], signal)
      .catch(caught => caught);
    expect(String(error)).toMatch(/403/);
    expect(String(error)).not.toContain('hush');
    expect(seen[0]).toBe(
      `Basic ${Buffer.from('portico:hush-hush').toString('base64')}`,
    );
    await destination.close();
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });

  it('ends git when the portal stops', async () => {
    const server = createServer(() => {
      // it never answers
    });
    const port = await listen(server);
    const stopping = new AbortController();
    const destination = new GitDestination({
      name: 'witness',
      url: `http://127.0.0.1:${port}/witness.git`,
      branch: 'main',
      origin: 'portal.example.com',
    });
    server.once('request', () => stopping.abort());
    await expect(
      destination.deliver([file(1)], stopping.signal),
    ).rejects.toThrow('aborted');
    await destination.close();
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  });
});

describe('DeliveryWorker', () => {
  let engine: AuditEngine;
  let folder: string;
  let now = new Date('2026-03-01T00:00:00Z');
  beforeEach(async () => {
    engine = await AuditEngine.create();
    folder = await mkdtemp(join(tmpdir(), 'portico-test-'));
    await engine.asSuperuser(
      `insert into portico_audit.chains values ('aurora'), ('borealis')`,
    );
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
    await engine?.destroy();
  });

  const sign = (chain: string, size: number) =>
    engine.asSuperuser(
      `insert into portico_audit.checkpoints values ($1, $2, $3, now())`,
      [chain, size, `note ${size}\n`],
    );
  const deliveries = async () => {
    const { rows } = await engine.asSuperuser(
      `select chain, size, outcome, failure from portico_audit.deliveries order by id`,
    );
    return rows.map(row => [
      row.chain,
      Number(row.size),
      row.outcome,
      row.failure,
    ]);
  };

  it('brings what waits when the place is up again, and tells of a place that holds something else', async () => {
    const logger = mockServices.logger.mock();
    const directory = join(folder, 'vault');
    const worker = new DeliveryWorker({
      destination: new FileDestination({ name: 'folder', directory }),
      store: new DeliveryStore({ database: engine.database, now: () => now }),
      logger,
      secrets: ['vault'],
    });
    await expect(worker.deliver(signal)).resolves.toBe(false);
    // a file where the folder should be
    await writeFile(directory, 'in the way');
    await sign('aurora', 10);
    for (let time = 0; time < 3; time += 1) {
      await expect(worker.deliver(signal)).rejects.toThrow(/EEXIST|ENOTDIR/);
    }
    await sign('borealis', 5);
    await expect(worker.deliver(signal)).rejects.toThrow(/\*\*\*/);
    const failed = await deliveries();
    // once for each chain, and without what is a secret
    expect(failed.map(row => row.slice(0, 3))).toEqual([
      ['aurora', 10, 'failed'],
      ['borealis', 5, 'failed'],
    ]);
    expect(JSON.stringify(failed)).not.toContain('vault');

    await rm(directory);
    await mkdir(join(directory, 'aurora'), { recursive: true });
    await writeFile(
      join(directory, checkpointFileName('aurora', 20)),
      'another past',
    );
    await sign('aurora', 20);
    await sign('aurora', 30);
    now = new Date('2026-03-01T00:10:00Z');
    await worker.deliver(signal);
    expect(await deliveries()).toEqual([
      ...failed,
      ['aurora', 10, 'delivered', null],
      ['borealis', 5, 'delivered', null],
      ['aurora', 20, 'conflict', expect.stringContaining('000000000020')],
      ['aurora', 30, 'delivered', null],
    ]);
    expect(logger.error).toHaveBeenCalledWith(
      expect.stringContaining('holds something else at aurora/000000000020'),
    );
    await engine.relayAll();
    expect(await engine.entries('aurora')).toMatchObject([
      {
        act: 'audit.checkpoint.conflict',
        severity: 'critical',
        details: { destination: 'folder', size: 20 },
      },
    ]);
    // each is brought once
    await worker.deliver(signal);
    expect(await deliveries()).toHaveLength(6);
  });
});
