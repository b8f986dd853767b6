import { type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { type LoggerService } from '@backstage/backend-plugin-api';
import { InputError, isError, NotFoundError } from '@backstage/errors';
import { auditContext, type AuditContext } from '@portico/plugin-audit-node';
import { type RepositoryAddress } from '@portico/plugin-git-host-node';
import { type RequestHandler } from 'express';
import {
  type AuthenticatedCaller,
  type RepositoryAuthorizer,
} from '../access/RepositoryAuthorizer';
import { isRepositoryAddress } from '../address/repositoryAddress';
import { type DefaultGitHostService } from '../DefaultGitHostService';
import { answerGitError, refuseInProtocol } from './gitAnswers';
import { type ReceiveCommand, ReceiveCommandsReader } from './receiveCommands';
import { recordPush } from './recordPush';
import { decodedBody, serveGitBackend } from './serveGitBackend';

const GIT_PATH =
  /^\/([^/]+)\/([^/]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;
const HEADER_WAIT_MS = 30_000;

/**
 * Git's smart HTTP: `/<tenant>/<repository>.git/…`. It answers 401 to everybody
 * without a token, whatever the path, and 404 alike to what is another tenant's and
 * what does not exist. Requests for other paths are passed on.
 */
export async function createGitDoor(options: {
  gitHost: DefaultGitHostService;
  authorizer: RepositoryAuthorizer;
  logger: LoggerService;
}): Promise<RequestHandler> {
  const { gitHost, authorizer, logger } = options;
  const { limits } = gitHost.config;
  const execPath = (await gitHost.processes.run(['--exec-path'])).stdout;
  const backendPath = join(
    execPath.toString('utf8').trim(),
    'git-http-backend',
  );
  const transfers = new Map<string, number>();

  return async (request, response, next) => {
    // The raw path: an encoded character is no part of a valid name.
    const match = GIT_PATH.exec(request.path);
    if (!match) {
      next();
      return;
    }
    const address = { tenant: match[1], repository: match[2] };
    const service = match[3];
    try {
      const asked = serviceOf(request, service);
      const caller = await authorizer.fromRequest(request);
      if (!asked || !isRepositoryAddress(address)) {
        throw new NotFoundError('No such repository');
      }
      const writes = asked === 'git-receive-pack';
      const by = auditContext(request, caller);
      await authorizer
        .authorize(caller, writes ? 'write' : 'read', address)
        .catch(async error => {
          if (writes && isError(error) && error.name === 'NotAllowedError') {
            await gitHost.audit.refusePush({
              address,
              by,
              reason: error.message,
            });
          }
          throw error;
        });
      await gitHost.store.folderOf(address);

      const running = transfers.get(caller.tenant) ?? 0;
      if (running >= limits.tenantTransfers) {
        response.setHeader('retry-after', '5');
        response
          .status(429)
          .type('text/plain')
          .send(
            `There are ${running} clones and pushes of this tenant already; try again in a few seconds\n`,
          );
        return;
      }
      transfers.set(caller.tenant, running + 1);
      try {
        await serve({ address, service, writes, caller, by });
      } finally {
        const left = (transfers.get(caller.tenant) ?? 1) - 1;
        if (left > 0) {
          transfers.set(caller.tenant, left);
        } else {
          transfers.delete(caller.tenant);
        }
      }
    } catch (error) {
      request.resume();
      answerGitError(response, error, logger);
    }

    async function serve(transfer: {
      address: RepositoryAddress;
      service: string;
      writes: boolean;
      caller: AuthenticatedCaller;
      by: AuditContext;
    }): Promise<void> {
      const common = {
        request,
        response,
        address: transfer.address,
        service: transfer.service,
        query: transfer.service === 'info/refs' ? queryOf(transfer.writes) : '',
        userRef: transfer.caller.userRef,
        timeoutMs: limits.transferSeconds * 1_000,
        backendPath,
        projectRoot: gitHost.store.directory,
      };
      if (!transfer.writes) {
        await serveGitBackend(gitHost.processes, { ...common, settings: [] });
        return;
      }
      const remaining = await gitHost.store.remainingBytes(
        transfer.address.tenant,
      );
      if (remaining === 0) {
        const reason = `the repositories of '${transfer.address.tenant}' have reached their quota; delete some or ask the platform for more`;
        await gitHost.audit.refusePush({ ...transfer, reason });
        refuseInProtocol(response, transfer.service, reason);
        request.resume();
        return;
      }
      const maxInputSize = Math.min(limits.pushBytes, remaining);
      if (transfer.service === 'info/refs') {
        await serveGitBackend(gitHost.processes, { ...common, settings: [] });
        return;
      }
      const body = decodedBody(request);
      if (!body) {
        response
          .status(415)
          .type('text/plain')
          .send('Send the pack unpacked\n');
        return;
      }
      const { prefix, commands } = await readCommands(body);
      const defaultBranch = await gitHost.content.defaultBranch(
        transfer.address,
      );
      const before = await gitHost.content.branches(transfer.address);
      await recordPush(gitHost, { ...transfer, commands }, settle =>
        serveGitBackend(gitHost.processes, {
          ...common,
          prefix,
          body,
          settle,
          settings: [
            ['receive.maxInputSize', String(maxInputSize)],
            // Only the default branch is protected: elsewhere people rewrite freely.
            [
              'receive.denyNonFastForwards',
              String(
                commands.some(
                  ({ ref }) => ref === `refs/heads/${defaultBranch}`,
                ),
              ),
            ],
          ],
        }),
      );
      gitHost.store.forgetUsage(transfer.address.tenant);
      await announceChanges(transfer.address, before, transfer.caller.userRef);
    }
  };

  /** What changed is read from the branches themselves, however the push ended. */
  async function announceChanges(
    address: RepositoryAddress,
    before: Map<string, string>,
    pushedBy: string,
  ): Promise<void> {
    const after = await gitHost.content
      .branches(address)
      .catch(() => new Map<string, string>());
    for (const branch of new Set([...before.keys(), ...after.keys()])) {
      if (before.get(branch) !== after.get(branch)) {
        gitHost.announce({ ...address, branch, pushedBy });
      }
    }
  }
}

/** Which of git's two services a request is about. */
function serviceOf(
  request: IncomingMessage & { query?: unknown },
  service: string,
): 'git-upload-pack' | 'git-receive-pack' | undefined {
  if (service === 'info/refs') {
    const query = new URL(request.url ?? '/', 'http://portal').searchParams;
    const asked = query.getAll('service');
    if (request.method !== 'GET' || asked.length !== 1) {
      return undefined;
    }
    return asked[0] === 'git-upload-pack' || asked[0] === 'git-receive-pack'
      ? asked[0]
      : undefined;
  }
  if (
    request.method !== 'POST' ||
    request.headers['content-type'] !== `application/x-${service}-request`
  ) {
    return undefined;
  }
  return service === 'git-upload-pack' ? 'git-upload-pack' : 'git-receive-pack';
}

function queryOf(writes: boolean): string {
  return `service=${writes ? 'git-receive-pack' : 'git-upload-pack'}`;
}

/** Reads the beginning of a push up to the pack, leaving the pack in the stream. */
async function readCommands(
  body: Readable,
): Promise<{ prefix: Buffer; commands: ReceiveCommand[] }> {
  const reader = new ReceiveCommandsReader();
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), HEADER_WAIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      const lost = () => reject(new InputError('The push was cut off'));
      stop.signal.addEventListener('abort', lost, { once: true });
      listenUntil(body, 'error', lost, stop.signal);
      listenUntil(body, 'close', lost, stop.signal);
      // git asks with an empty list whether it may push: that is complete.
      listenUntil(
        body,
        'end',
        () => resolve({ prefix: reader.bytes, commands: [] }),
        stop.signal,
      );
      listenUntil(
        body,
        'data',
        chunk => {
          try {
            const commands = reader.feed(chunk as Buffer);
            if (commands) {
              body.pause();
              resolve({ prefix: reader.bytes, commands });
            }
          } catch (error) {
            reject(error);
          }
        },
        stop.signal,
      );
    });
  } finally {
    clearTimeout(timer);
    // Takes the listeners off: what follows belongs to git.
    stop.abort();
  }
}

/** Listens until the signal aborts. */
function listenUntil(
  stream: Readable,
  event: string,
  listener: (value: unknown) => void,
  signal: AbortSignal,
): void {
  stream.on(event, listener);
  signal.addEventListener('abort', () => stream.off(event, listener), {
    once: true,
  });
}
