import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { isError } from '@backstage/errors';
import {
  type DeploymentRepository,
  type PullRequests,
} from '@portico/plugin-promotions-node';
import { z } from 'zod';
import { TestForge } from '../../effects/__testUtils__/TestForge';

const callSchema = z.object({
  method: z.string(),
  // Both ends are of this test, and TypeScript checks them by `ForgeCalls`.
  argument: z.custom<never>(() => true),
});

/** What can be asked of the forge over HTTP, by name. */
export type ForgeCalls = Pick<
  DeploymentRepository,
  | 'head'
  | 'readFile'
  | 'findByTrailer'
  | 'lastChange'
  | 'changes'
  | 'contains'
  | 'commit'
> &
  PullRequests;

/**
 * A forge with pull requests that many processes work on. Whatever a process that is killed
 * has asked for happens, whether or not it hears of it.
 */
export class ForgeStandIn {
  readonly forge: TestForge;
  readonly #server: Server;

  constructor(files: Record<string, string>) {
    this.forge = new TestForge(files);
    const { pullRequests } = this.forge;
    const calls: ForgeCalls = {
      head: branch => this.forge.head(branch),
      readFile: at => this.forge.readFile(at),
      findByTrailer: by => this.forge.findByTrailer(by),
      lastChange: at => this.forge.lastChange(at),
      changes: at => this.forge.changes(at),
      contains: at => this.forge.contains(at),
      commit: options => this.forge.commit(options),
      ...pullRequests,
    };
    this.#server = createServer((request, response) => {
      answer(calls, request)
        .catch(error => ({
          error: {
            name: isError(error) ? error.name : 'Error',
            message: isError(error) ? error.message : 'unknown error',
          },
        }))
        .then(body => response.end(JSON.stringify(body)))
        .catch(() => response.destroy());
    });
  }

  async start(): Promise<string> {
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done));
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => this.#server.close(done));
  }
}

async function answer(
  calls: ForgeCalls,
  request: IncomingMessage,
): Promise<{ result: unknown }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  const { method, argument } = callSchema.parse(
    JSON.parse(Buffer.concat(chunks).toString('utf8')),
  );
  const names = new Map(Object.entries(calls));
  const call = names.get(method);
  if (!call) {
    throw new Error(`The forge knows no ${method}`);
  }
  return { result: await call(argument) };
}
