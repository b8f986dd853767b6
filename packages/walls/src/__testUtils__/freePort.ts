import { createServer } from 'node:net';

/** Below the ports that the system gives to outgoing connections. */
const FIRST = 20_000;
const COUNT = 10_000;

/** A free port on loopback: plugins call each other, so it must be known before. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT);
  const server = createServer();
  const isFree = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => resolve(true));
  });
  await new Promise(resolve => server.close(resolve));
  return isFree ? port : freePort();
}
