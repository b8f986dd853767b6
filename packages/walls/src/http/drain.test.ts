import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';
import express from 'express';
import { RequestsInFlight } from './RequestsInFlight';

describe('RequestsInFlight', () => {
  it('waits for what runs, and has kept connections closed', async () => {
    const inFlight = new RequestsInFlight();
    const app = express();
    app.use(inFlight.handler);
    let finish = () => {};
    app.get('/slow', (_request, response) => {
      const end = inFlight.begin();
      finish = () => {
        end();
        end();
        response.end('done');
      };
    });
    app.get('/quick', (_request, response) => {
      response.end('done');
    });
    const server = createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const agent = new Agent({ keepAlive: true });
    const ask = async (path: string) => {
      const [answer] = (await once(
        get({ port, path, agent, host: '127.0.0.1' }),
        'response',
      )) as [IncomingMessage];
      answer.resume();
      await once(answer, 'end');
      return answer;
    };
    try {
      expect((await ask('/quick')).headers.connection).toBe('keep-alive');
      const slow = ask('/slow');
      while (inFlight.running === 0) {
        await new Promise(done => setImmediate(done));
      }
      let left: number | undefined;
      const drained = inFlight.drain(1).then(count => {
        left = count;
      });
      // While it drains, everybody is answered, and asked to go elsewhere.
      const { statusCode, headers } = await ask('/quick');
      expect({ statusCode, connection: headers.connection }).toEqual({
        statusCode: 200,
        connection: 'close',
      });
      expect(left).toBeUndefined();
      finish();
      expect((await slow).statusCode).toBe(200);
      await drained;
      expect(left).toBe(0);
    } finally {
      agent.destroy();
      server.close();
    }
  });

  it('gives up what does not end', async () => {
    const inFlight = new RequestsInFlight(30);
    inFlight.begin();
    expect(await inFlight.drain(0)).toBe(1);
  });
});
