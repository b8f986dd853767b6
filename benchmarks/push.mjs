// From the end of `git push` to the changed entity in the catalog. Against a running
// portal with the demo: node benchmarks/push.mjs <tenant>/<repository> [runs]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portalUrl, signIn, summary, timeUntil } from './portal.mjs';

const [tenant, repository] = (process.argv[2] ?? 'aurora/cart').split('/');
const runs = Number(process.argv[3] ?? 20);
const { call, token } = await signIn(`user:${tenant}/kim`);
const folder = mkdtempSync(join(tmpdir(), 'portico-bench-'));
const git = (...args) =>
  execFileSync(
    'git',
    ['-c', `http.extraHeader=Authorization: Bearer ${token}`, ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );

try {
  git(
    'clone',
    '-q',
    `${portalUrl}/api/git-host/${tenant}/${repository}.git`,
    '.',
  );
  const file = join(folder, 'catalog-info.yaml');
  const original = readFileSync(file, 'utf8');
  const times = [];
  for (let run = 0; run < runs; run += 1) {
    const mark = `bench-${Date.now()}`;
    writeFileSync(
      file,
      original.replace(/^( *)description:.*$/m, `$1description: ${mark}`),
    );
    git(
      '-c',
      'user.name=Bench',
      '-c',
      'user.email=bench@portico.invalid',
      'commit',
      '-qam',
      mark,
    );
    git('push', '-q');
    const pushed = performance.now();
    times.push(
      await timeUntil(pushed, async () => {
        const answer = await call(
          `/api/catalog/entities/by-name/component/${tenant}/${repository}`,
        );
        return answer.ok && (await answer.json()).metadata.description === mark;
      }),
    );
  }
  console.log(`push to changed entity visible: ${summary(times)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
