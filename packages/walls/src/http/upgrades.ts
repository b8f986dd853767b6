import { type Server } from 'node:http';
import { type Duplex } from 'node:stream';

/**
 * Answers every request to upgrade a connection as if the address did not exist.
 *
 * Plugins add listeners to the server that see a request before and beside all
 * routes, and a listener cannot veto another; so the event itself is withheld.
 */
export function refuseUpgrades(server: Server) {
  const { emit } = server;
  server.emit = (event: string | symbol, ...details: unknown[]): boolean => {
    if (event !== 'upgrade') {
      return Reflect.apply(emit, server, [event, ...details]);
    }
    const socket = details[1] as Duplex;
    socket.on('error', () => socket.destroy());
    socket.end(
      'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n',
    );
    return true;
  };
}
