import { createServer, request, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { refuseUpgrades } from './upgrades';

describe('refuseUpgrades', () => {
  let server: Server;
  const upgraded: string[] = [];

  beforeEach(async () => {
    server = createServer((_req, res) => res.end('plain'));
    refuseUpgrades(server);
    // As signals do it: a listener of its own, added at any time, for any path.
    server.on('upgrade', (req, socket) => {
      upgraded.push(req.url ?? '');
      socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n');
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => new Promise(resolve => server.close(resolve)));

  const ask = (path: string, headers: Record<string, string>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const sent = request(
        {
          port: (server.address() as AddressInfo).port,
          host: '127.0.0.1',
          agent: false,
          path,
          headers,
        },
        response => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      sent.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end();
    });

  it('withholds upgrades from every listener, and leaves the rest alone', async () => {
    const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
    for (const path of ['/api/signals', '/signals', '/']) {
      expect(await ask(path, upgrade)).toBe(404);
    }
    expect(upgraded).toEqual([]);
    expect(await ask('/', {})).toBe(200);
  });
});
