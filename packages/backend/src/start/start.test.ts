import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkConfiguration } from './checkConfiguration';
import { ConfigurationError, prepareStart } from './prepareStart';
import { readConfiguration } from './readConfiguration';
import { readSecretFiles } from './readSecretFiles';

jest.setTimeout(60_000);

const root = resolve(__dirname, '../../../..');
const shipped = (...names: string[]) =>
  names.flatMap(name => ['--config', join(root, name)]);

/** What `npm start` gives a portal on one machine. */
const development: NodeJS.ProcessEnv = {
  NODE_ENV: 'development',
  PORTICO_POSTGRES_HOST: '127.0.0.1',
  PORTICO_POSTGRES_PORT: '5432',
  PORTICO_APP_PASSWORD: 'app',
  PORTICO_STOCK_PASSWORD: 'stock',
  PORTICO_JOBS_PASSWORD: 'jobs',
  PORTICO_SEALING_KEY: 'seals',
  PORTICO_AUDIT_KEY: 'signs',
  PORTICO_CHECKPOINT_DIRECTORY: '/checkpoints',
  PORTICO_GIT_DIRECTORY: '/git',
  PORTICO_DOCS_DIRECTORY: '/docs',
};
/** What docs/operations.md names for production. */
const production: NodeJS.ProcessEnv = {
  ...development,
  NODE_ENV: 'production',
  PORTICO_BASE_URL: 'https://portal.example.org',
  PORTICO_HOST: 'portal.example.org',
  PORTICO_APP_PASSWORD: 'vJ8sQ2mXz0LkPw41',
  PORTICO_STOCK_PASSWORD: 'hG7dR5tYb3NcVe92',
  PORTICO_JOBS_PASSWORD: 'uK6fW1oAi8TjMn35',
  PORTICO_SEALING_KEY: 'cZ3xL9vB7nM1aS5dF2gH8jK4qW6eR0tY',
  PORTICO_AUDIT_KEY: 'q8Zr2mVb5Xc7Nl1Kj4Hg6Fd9Sa3Po0Iu8Yt5Re2Wq7A=',
  PORTICO_AUDIT_ORIGIN: 'portal.example.org',
  PORTICO_CHECKPOINT_REPOSITORY: 'https://git.example.org/witness',
  PORTICO_CHECKPOINT_USERNAME: 'witness',
  PORTICO_CHECKPOINT_PASSWORD: 'mN4bV6cX8zL2kJ1h',
  PORTICO_ADMINISTRATOR_NAME: 'pat',
  PORTICO_ADMINISTRATOR_ISSUER: 'https://id.example.org',
  PORTICO_ADMINISTRATOR_SUBJECT: '4711',
  AUTH_SESSION_SECRET: 'pO9iU7yT5rE3wQ1aS2dF4gH6jK8lZ0xC',
  AUTH_OIDC_METADATA_URL: 'https://id.example.org/description',
  AUTH_OIDC_CLIENT_ID: 'portal',
  AUTH_OIDC_CLIENT_SECRET: 'tR5eW3qA1sD2fG4h',
};

describe('the configuration at the start', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portico-configuration-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function problemsOf(
    argv: string[],
    environment: NodeJS.ProcessEnv,
  ): Promise<string[]> {
    return checkConfiguration(
      await readConfiguration({ argv, environment }),
      environment,
    );
  }
  async function written(text: string): Promise<string[]> {
    const file = join(folder, 'app-config.yaml');
    await writeFile(file, text);
    return ['--config', file];
  }

  it('has no problem as shipped', async () => {
    expect(await problemsOf(shipped('app-config.yaml'), development)).toEqual(
      [],
    );
    const files = ['app-config.yaml', 'app-config.production.yaml'];
    for (const more of [
      [],
      ['app-config.web.yaml'],
      ['app-config.worker.yaml'],
    ]) {
      expect(await problemsOf(shipped(...files, ...more), production)).toEqual(
        [],
      );
    }
  });

  it('is told all at once: what is missing with its variable, what is unknown, what is wrong', async () => {
    const { PORTICO_SEALING_KEY, PORTICO_GIT_DIRECTORY, ...rest } = development;
    const wrong = await written(`
      gitHost: { directori: /git }
      audit: { checkpoints: { everyEntries: many } }
      portico: { databse: {} }
      walls: { limits: { user: { requests: 5, seconds: 20, minutes: 1 } } }
    `);
    const problems = await problemsOf(
      [...shipped('app-config.yaml'), ...wrong],
      rest,
    );
    expect(problems).toEqual([
      'audit.checkpoints.everyEntries must be number',
      'gitHost.directori is unknown: correct its name, or take it out',
      'gitHost.directory is missing: set PORTICO_GIT_DIRECTORY',
      'portico.databse is unknown: correct its name, or take it out',
      'walls.limits.user.minutes is unknown: correct its name, or take it out',
    ]);
  });

  it('refuses in production what is unsafe there, and shows no secret', async () => {
    const unsafe = await written(`
      app: { baseUrl: http://portal.example.org }
      backend: { baseUrl: https://localhost:7007 }
      portico: { jobs: { connection: { ssl: { rejectUnauthorized: false } } } }
      auth: { providers: { persona: {} } }
      localRuntime: { url: http://localhost:7017, token: run-token }
      permission: { enabled: false }
    `);
    const { AUTH_SESSION_SECRET, AUTH_OIDC_METADATA_URL, ...rest } = production;
    const problems = await problemsOf(
      [...shipped('app-config.yaml', 'app-config.production.yaml'), ...unsafe],
      {
        ...rest,
        PORTICO_SEALING_KEY: 'short',
        PORTICO_AUDIT_KEY: 'changeme-changeme-changeme-changeme',
        PORTICO_APP_PASSWORD: 'aaaaaaaaaaaaaaaaaaaa',
      },
    );
    for (const [key, reason] of [
      ['app.baseUrl', 'must begin with https://'],
      ['backend.baseUrl', 'must not name this machine'],
      ['portico.jobs.connection.ssl.rejectUnauthorized', 'must be true'],
      ['auth.providers.persona', 'signs anybody in'],
      ['localRuntime', 'is for development only'],
      ['permission.enabled', 'must be true'],
      ['auth.session.secret', 'is missing: set AUTH_SESSION_SECRET'],
      [
        'auth.providers.oidc.production.metadataUrl',
        'is missing: set AUTH_OIDC_METADATA_URL',
      ],
      ['tenancy.sealingKeys[0]', 'is too short'],
      ['audit.signingKeys[0]', 'can be guessed'],
      ['portico.database.connection.password', 'can be guessed'],
    ]) {
      expect(problems).toContainEqual(
        expect.stringContaining(`${key} ${reason}`),
      );
    }
    expect(problems.join()).not.toMatch(/changeme|aaaa|run-token/);
  });

  it('takes secrets from files', async () => {
    const file = join(folder, 'secret');
    await writeFile(file, '  from-a-file\n');
    const environment: NodeJS.ProcessEnv = {
      AUTH_SESSION_SECRET_FILE: file,
      PORTICO_APP_PASSWORD: 'given',
      PORTICO_APP_PASSWORD_FILE: file,
      PORTICO_JOBS_PASSWORD_FILE: join(folder, 'none'),
      PORTICO_DEMO_FILE: join(folder, 'none'),
    };
    expect(readSecretFiles(environment)).toEqual([
      'Both PORTICO_APP_PASSWORD and PORTICO_APP_PASSWORD_FILE are set: take one out',
      `PORTICO_JOBS_PASSWORD_FILE: the file ${join(
        folder,
        'none',
      )} cannot be read (ENOENT)`,
    ]);
    expect(environment.AUTH_SESSION_SECRET).toBe('from-a-file');
  });

  it('ends the start with one list', async () => {
    const start = prepareStart(shipped('app-config.yaml'), {
      NODE_ENV: 'development',
      AUTH_SESSION_SECRET_FILE: '/nowhere/at/all',
    });
    await expect(start).rejects.toThrow(ConfigurationError);
    await expect(start).rejects.toThrow(
      /its configuration has \d+ problems\..*\n {2}- AUTH_SESSION_SECRET_FILE: .*\n {2}- [^]*portico\.database\.connection\.password is missing: set PORTICO_APP_PASSWORD/s,
    );
  });
});
