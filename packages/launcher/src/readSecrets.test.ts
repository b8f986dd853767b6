import { mkdtemp, rm, stat, writeFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import { readSecrets } from './readSecrets';

describe('the secrets of a data folder', () => {
  let path: string;
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-secrets-'));
    path = join(folder, 'secrets.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are made once, each another, for the owner alone', async () => {
    const secrets = await readSecrets(path);
    expect(new Set(Object.values(secrets)).size).toBe(8);
    expect((await stat(path)).mode % 0o1000).toBe(0o600);
    await expect(readSecrets(path)).resolves.toEqual(secrets);
  });

  it.each([
    ['a key for the audit', 'audit'],
    ['a token for the local runtime', 'runtime'],
  ] as const)('gain %s where the folder is older than it', async (_, name) => {
    const { [name]: missing, ...older } = await readSecrets(path);
    await writeFile(path, JSON.stringify(older));
    const secrets = await readSecrets(path);
    expect(secrets).toEqual({ ...older, [name]: expect.any(String) });
    expect(secrets[name]).not.toBe(missing);
    await expect(readSecrets(path)).resolves.toEqual(secrets);
  });

  it('are never replaced when the file is damaged', async () => {
    await writeFile(path, '{"postgres":');
    await expect(readSecrets(path)).rejects.toThrow(
      `The secrets in ${path} are damaged`,
    );
  });
});
