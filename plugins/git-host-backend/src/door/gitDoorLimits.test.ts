import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import request from 'supertest';
import { pluginAuditContext } from '@portico/plugin-audit-node';
import { eventually } from '../__testUtils__/eventually';
import { startTestPortal, tokenOf } from '../__testUtils__/startTestPortal';

const by = pluginAuditContext('test');

const KIM = 'user:aurora/kim';
const MIB = 1024 * 1024;

jest.setTimeout(120_000);

describe('the Git door at its limits', () => {
  it('streams 64 MB both ways with bounded memory', async () => {
    const portal = await startTestPortal({
      limits: { pushBytes: 100 * MIB, tenantBytes: 1024 * MIB },
    });
    try {
      const token = tokenOf(KIM);
      await portal.gitHost.create({
        by,
        tenant: 'aurora',
        repository: 'large',
        description: '',
      });
      const folder = join(portal.directory, 'large');
      await portal.git(['clone', portal.remote('aurora', 'large'), folder], {
        token,
      });
      await writeFile(join(folder, 'large.bin'), randomBytes(64 * MIB));
      await portal.git(['add', '--all'], { cwd: folder });
      await portal.git(['commit', '--quiet', '-m', 'Large'], { cwd: folder });
      await portal.git(['config', 'core.compression', '0'], { cwd: folder });

      // Garbage would hide what is really held, so it is collected first.
      setFlagsFromString('--expose-gc');
      const collectGarbage = runInNewContext('gc') as () => void;
      const held = () => {
        collectGarbage();
        const { external, heapUsed } = process.memoryUsage();
        return external + heapUsed;
      };
      const start = held();
      let peak = start;
      const sampling = setInterval(() => {
        peak = Math.max(peak, held());
      }, 1_000);
      await portal.git(['push', 'origin', 'HEAD:main'], { cwd: folder, token });
      await portal.git(
        [
          'clone',
          '--quiet',
          portal.remote('aurora', 'large'),
          join(portal.directory, 'again'),
        ],
        { token },
      );
      clearInterval(sampling);
      expect((peak - start) / MIB).toBeLessThan(24);
    } finally {
      await portal.stop();
    }
  });

  it('refuses pushes at the quota and too many transfers at once, in words that git shows', async () => {
    const portal = await startTestPortal({
      limits: { tenantBytes: 10, tenantTransfers: 1 },
    });
    try {
      const token = tokenOf(KIM);
      await portal.gitHost.create({
        by,
        tenant: 'aurora',
        repository: 'full',
        description: '',
      });
      const folder = join(portal.directory, 'full');
      await portal.git(['clone', portal.remote('aurora', 'full'), folder], {
        token,
      });
      await writeFile(join(folder, 'a.txt'), 'a');
      await portal.git(['add', '--all'], { cwd: folder });
      await portal.git(['commit', '--quiet', '-m', 'A'], { cwd: folder });
      await expect(
        portal.git(['push', 'origin', 'HEAD:main'], { cwd: folder, token }),
      ).rejects.toMatchObject({
        stderr: expect.stringContaining(
          "remote error: the repositories of 'aurora' have reached their quota",
        ),
      });

      // one clone that never reads its answer occupies the only place
      const busy = httpRequest({
        port: portal.server.port(),
        method: 'POST',
        path: '/api/git-host/aurora/full.git/git-upload-pack',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/x-git-upload-pack-request',
          'transfer-encoding': 'chunked',
        },
      });
      busy.on('error', () => {});
      busy.write('0000');
      await eventually(async () => portal.gitHost.processes.count > 0);
      const answer = await request(portal.server)
        .get('/api/git-host/aurora/full.git/info/refs?service=git-upload-pack')
        .set('authorization', `Bearer ${token}`);
      expect(answer.status).toBe(429);
      expect(answer.headers['retry-after']).toBe('5');
      busy.destroy();
      await eventually(async () => portal.gitHost.processes.count === 0);
      const after = await request(portal.server)
        .get('/api/git-host/aurora/full.git/info/refs?service=git-upload-pack')
        .set('authorization', `Bearer ${token}`);
      expect(after.status).toBe(200);
    } finally {
      await portal.stop();
    }
  });

  it('asks the permission policy about people', async () => {
    const portal = await startTestPortal({
      deny: (permission, userRef) =>
        permission.name === 'git-host.repository.read' && userRef === KIM,
    });
    try {
      await portal.gitHost.create({
        by,
        tenant: 'aurora',
        repository: 'policy',
        description: '',
      });
      const statuses = await Promise.all(
        [KIM, 'user:aurora/tia'].map(async userRef => {
          const answer = await request(portal.server)
            .get(
              '/api/git-host/aurora/policy.git/info/refs?service=git-upload-pack',
            )
            .set('authorization', `Bearer ${tokenOf(userRef)}`);
          return answer.status;
        }),
      );
      expect(statuses).toEqual([403, 200]);
    } finally {
      await portal.stop();
    }
  });
});
