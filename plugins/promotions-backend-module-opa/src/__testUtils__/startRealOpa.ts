import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './freePort';
import { policyFiles } from './policyFiles';

const READY_MILLISECONDS = 20_000;

/** A real OPA on loopback with the policy of the tests, which wants a token. */
export async function startRealOpa(opa: string, token: string) {
  const directory = await mkdtemp(join(tmpdir(), 'portico-opa-'));
  const authorization = join(directory, 'authorization.rego');
  await writeFile(
    authorization,
    `package system.authz\ndefault allow := false\nallow if input.identity == "${token}"\nallow if input.path == ["health"]\n`,
  );
  const port = await freePort();
  const child = spawn(
    opa,
    [
      'run',
      '--server',
      '--addr',
      `127.0.0.1:${port}`,
      '--authentication=token',
      '--authorization=basic',
      '--set=decision_logs.console=true',
      '--disable-telemetry',
      policyFiles.rego,
      policyFiles.data,
      authorization,
    ],
    { stdio: 'ignore' },
  );
  const url = `http://127.0.0.1:${port}`;
  await untilReady(`${url}/health`);
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const until = Date.now() + READY_MILLISECONDS;
  for (;;) {
    try {
      if ((await fetch(url)).ok) {
        return;
      }
    } catch (error) {
      if (Date.now() > until) {
        throw error;
      }
    }
    await new Promise(resolve => {
      setTimeout(resolve, 20);
    });
  }
}
