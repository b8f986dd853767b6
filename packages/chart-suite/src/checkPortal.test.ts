import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

jest.setTimeout(60_000);

const script = readFileSync(
  resolve(__dirname, '../../../charts/portico/files/checkPortal.cjs'),
  'utf8',
);

const healthy: Record<string, { status: number; text: string }> = {
  '/.backstage/health/v1/readiness': { status: 200, text: '{"status":"ok"}' },
  '/': { status: 200, text: '<html><div id="root"></div></html>' },
  '/api/catalog/entities': { status: 401, text: '{}' },
  '/api/catalog/no-such-route': { status: 404, text: '{}' },
};

/** Runs the check as the pod of `helm test` does, against something that answers so. */
async function check(
  answers: typeof healthy,
): Promise<{ code: number; said: string }> {
  const server: Server = createServer((request, response) => {
    const { status, text } = answers[request.url ?? ''] ?? {
      status: 500,
      text: '',
    };
    response.writeHead(status).end(text);
  });
  await new Promise<void>(started => {
    server.listen(0, '127.0.0.1', started);
  });
  const { port } = server.address() as AddressInfo;
  try {
    return await new Promise(done => {
      execFile(
        process.execPath,
        ['-e', script],
        { env: { PORTAL: `http://127.0.0.1:${port}` } },
        (error, stdout) =>
          done({ code: Number(error?.code ?? 0), said: stdout }),
      );
    });
  } finally {
    server.closeAllConnections();
    await new Promise(closed => {
      server.close(closed);
    });
  }
}

describe('the check of helm test', () => {
  it('passes a portal that is ready and closed', async () => {
    const { code, said } = await check(healthy);
    expect(
      said.split('\n').filter(line => line.startsWith('passed')),
    ).toHaveLength(4);
    expect(code).toBe(0);
  });

  it.each([
    ['/.backstage/health/v1/readiness', { status: 503, text: '' }, 'is ready'],
    ['/', { status: 200, text: 'Welcome to nginx' }, 'shows its page'],
    [
      '/api/catalog/entities',
      { status: 200, text: '[]' },
      'tells nobody what the catalog has',
    ],
    [
      '/api/catalog/no-such-route',
      { status: 401, text: '' },
      'knows no route that is not listed',
    ],
  ])('fails one where %s answers %j', async (path, answer, what) => {
    const { code, said } = await check({ ...healthy, [path]: answer });
    expect(said).toContain(`FAILED: the portal ${what}`);
    expect(code).toBe(1);
  });
});
