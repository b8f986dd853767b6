import { execFile } from 'child_process';
import { access, mkdtemp, readFile, rm, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { expect, test } from '@playwright/test';

const repositoryRoot = path.resolve(__dirname, '../../..');
/** The portal's data folder; `npm run test:e2e` says where its own is. */
const data =
  process.env.PORTICO_E2E_DATA ?? path.join(repositoryRoot, '.portico');

interface Ended {
  code: number;
  output: string;
}

/** The command that README and `npm start` name, in the folder that they name. */
function verify(file: string): Promise<Ended> {
  return new Promise(done => {
    execFile(
      'npm',
      [
        'run',
        '--silent',
        'portico',
        '--',
        'audit',
        'verify',
        file,
        '--key',
        path.join(data, 'evidence/portal.key'),
      ],
      { cwd: repositoryRoot, timeout: 60_000 },
      (error, output, errors) =>
        done({
          code: error ? Number(error.code) : 0,
          output: `${output}${errors}`,
        }),
    );
  });
}

for (const tenant of ['aurora', 'borealis']) {
  test(`the audit of ${tenant} lies ready, and is verified without the portal`, async () => {
    test.slow();
    const file = path.join(data, 'evidence', `${tenant}.jsonl`);
    // It appears once a signed checkpoint covers the demo.
    await expect(async () => access(file)).toPass({ timeout: 150_000 });

    const whole = await verify(file);
    expect(whole.output).toMatch(new RegExp(`${tenant} .*verified`));
    expect(whole.code).toBe(0);

    const folder = await mkdtemp(path.join(tmpdir(), 'portico-evidence-'));
    try {
      const changed = path.join(folder, 'changed.jsonl');
      const text = await readFile(file, 'utf8');
      await writeFile(changed, text.replace('scaffolder', 'scaffoldes'));
      const edited = await verify(changed);
      expect(edited.code).toBe(1);
      expect(edited.output).toMatch(/edited at entry \d+/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
