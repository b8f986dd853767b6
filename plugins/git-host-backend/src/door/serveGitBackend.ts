import { type IncomingMessage, type ServerResponse } from 'node:http';
import { type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { gitEnvironment } from '../git/gitEnvironment';
import { type GitProcesses } from '../git/GitProcesses';
import { CgiHead } from './CgiHead';

/** One request of git's smart HTTP protocol, authorised already. */
export interface GitBackendRequest {
  request: IncomingMessage;
  response: ServerResponse;
  address: RepositoryAddress;
  /** `info/refs`, `git-upload-pack` or `git-receive-pack`. */
  service: string;
  /** The query, without the question mark. */
  query: string;
  userRef: string;
  /** Bytes that were read from the body already. */
  prefix?: Buffer;
  /** What is left of the body; the request itself without it. */
  body?: Readable;
  settings: ReadonlyArray<readonly [string, string]>;
  timeoutMs: number;
  /** Absolute path of `git http-backend`. */
  backendPath: string;
  /** Root folder of the repositories. */
  projectRoot: string;
  /** Awaited when git is done, before the answer ends; it does not throw. */
  settle?: () => Promise<void>;
}

/**
 * Answers with `git http-backend`, streaming both ways. The process ends with the
 * connection, and the connection with the process.
 *
 * @returns the exit code once all is over; undefined when it was ended early
 */
export async function serveGitBackend(
  processes: GitProcesses,
  options: GitBackendRequest,
): Promise<number | undefined> {
  const { request, response, address } = options;
  const decoded = options.body !== undefined;
  const header = (name: string) => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  const contentLength = decoded ? undefined : header('content-length');
  const encoding = decoded ? undefined : header('content-encoding');
  const protocol = header('git-protocol');

  const child = processes.start(options.backendPath, [], {
    environment: {
      ...gitEnvironment(options.settings),
      GIT_PROJECT_ROOT: options.projectRoot,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${address.tenant}/${address.repository}.git/${options.service}`,
      QUERY_STRING: options.query,
      REQUEST_METHOD: request.method ?? 'GET',
      REMOTE_USER: options.userRef,
      REMOTE_ADDR: request.socket.remoteAddress ?? '',
      CONTENT_TYPE: header('content-type') ?? '',
      ...(contentLength && { CONTENT_LENGTH: contentLength }),
      ...(encoding && { HTTP_CONTENT_ENCODING: encoding }),
      ...(protocol &&
        /^[a-z0-9=:.-]{1,200}$/i.test(protocol) && { GIT_PROTOCOL: protocol }),
    },
  });

  const timer = setTimeout(() => processes.end(child), options.timeoutMs);
  const onGone = () => {
    if (options.service === 'git-receive-pack') {
      // A pack that is cut off makes git stop and tidy up by itself.
      child.stdin.end();
      processes.endLater(child);
    } else {
      processes.end(child);
    }
  };
  response.once('close', onGone);

  const body: Readable = options.body ?? request;
  // git stops reading once it has refused; the rest must still be taken from the
  // client, which reads the answer only after it has sent everything.
  child.stdin.on('error', () => {
    body.unpipe(child.stdin);
    body.resume();
  });
  body.on('error', onGone);
  if (options.prefix) {
    child.stdin.write(options.prefix);
  }
  body.pipe(child.stdin);
  child.once('close', () => {
    body.unpipe(child.stdin);
    body.resume();
  });
  child.stderr.resume();

  const head = new CgiHead();
  child.stdout.on('data', (chunk: Buffer) => {
    const rest = head.complete ? chunk : head.feed(chunk);
    if (!rest) {
      if (head.tooLong) {
        processes.end(child);
      }
      return;
    }
    if (response.destroyed) {
      return;
    }
    if (!response.headersSent) {
      response.writeHead(head.status, head.headers);
    }
    if (rest.length > 0 && !response.write(rest)) {
      child.stdout.pause();
      const resume = () => {
        response.off('drain', resume);
        response.off('close', resume);
        child.stdout.resume();
      };
      response.on('drain', resume);
      response.on('close', resume);
    }
  });

  return new Promise(resolve => {
    let over = false;
    const finish = async (code: number | undefined) => {
      if (over) {
        return;
      }
      over = true;
      clearTimeout(timer);
      response.off('close', onGone);
      await options.settle?.();
      if (response.destroyed) {
        // Nobody listens any more.
      } else if (!response.headersSent) {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end('The Git host could not answer\n');
      } else {
        // git has said what is wrong in the stream where it could.
        response.end();
      }
      resolve(code);
    };
    child.once('error', () => void finish(undefined));
    child.once('close', code => void finish(code ?? undefined));
  });
}

/** The body of a request, unpacked where it was sent packed. */
export function decodedBody(request: IncomingMessage): Readable | undefined {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') {
    return request;
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    return undefined;
  }
  const unpacked = createGunzip();
  request.on('error', error => unpacked.destroy(error));
  request.once('aborted', () => unpacked.destroy(new Error('aborted')));
  return request.pipe(unpacked);
}
