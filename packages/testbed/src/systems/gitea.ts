import { randomBytes } from 'node:crypto';
import { chown, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { fetchText } from '../Bed';
import { type BedSystem } from '../BedSystem';
import { runTool } from '../build/runTool';
import { runAs } from './runAs';

const program = {
  kind: 'go',
  name: 'gitea',
  module: 'code.gitea.io/gitea',
  version: 'v1.26.0',
  package: 'code.gitea.io/gitea',
  stamps: { 'main.Version': '1.26.0' },
  keepsSources: true,
} as const;

const ADMINISTRATOR = 'bed';
const tokenSchema = z.object({ sha1: z.string() });

/** A Git host with pull requests. */
export const gitea: BedSystem = {
  name: 'gitea',
  title: 'Gitea',
  needs: ['postgres'],
  programs: [program],
  async start(bed) {
    const command = bed.program(program);
    const user = await runAs(command, bed.folder.run);
    const home = bed.path('gitea');
    const settings = bed.path('gitea.ini');
    const port = await bed.port();
    const url = `http://127.0.0.1:${port}`;
    await user.makeFolder(home);
    await writeFile(
      settings,
      settingsOf({
        home,
        port,
        url,
        sources: bed.folder.share(program.name),
        database: bed.of('postgres'),
        name: user.owner ? 'postgres' : '',
      }),
      { mode: 0o600 },
    );
    if (user.owner) {
      await chown(settings, user.owner.uid, user.owner.gid);
    }
    const run = (...args: string[]) => ({
      ...user.wrap(command, ['--config', settings, ...args]),
      cwd: home,
      environment: { ...process.env, HOME: home, USER: '' },
    });
    await runTool(run('migrate'));
    const record = await bed.start({ name: 'gitea', ...run('web') });
    await bed.until(record, signal =>
      fetchText(`${url}/api/v1/version`, { signal }),
    );
    const password = randomBytes(18).toString('base64url');
    await runTool(
      run(
        'admin',
        'user',
        'create',
        '--admin',
        `--username=${ADMINISTRATOR}`,
        `--password=${password}`,
        '--email=bed@example.test',
        '--must-change-password=false',
      ),
    );
    const made = await fetchText(
      `${url}/api/v1/users/${ADMINISTRATOR}/tokens`,
      {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(
            `${ADMINISTRATOR}:${password}`,
          ).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ name: 'bed', scopes: ['all'] }),
      },
    );
    return { gitea: { url, token: tokenSchema.parse(JSON.parse(made)).sha1 } };
  },
};

function settingsOf(options: {
  home: string;
  port: number;
  url: string;
  sources: string;
  database: { port: number; password: string };
  name: string;
}): string {
  const { home, port, url, sources, database, name } = options;
  return `${name && `RUN_USER = ${name}\n`}RUN_MODE = prod
WORK_PATH = ${home}
[server]
HTTP_ADDR = 127.0.0.1
HTTP_PORT = ${port}
ROOT_URL = ${url}/
DISABLE_SSH = true
STATIC_ROOT_PATH = ${sources}
OFFLINE_MODE = true
[database]
DB_TYPE = postgres
HOST = 127.0.0.1:${database.port}
NAME = gitea
USER = postgres
PASSWD = ${database.password}
[security]
INSTALL_LOCK = true
SECRET_KEY = ${randomBytes(24).toString('hex')}
PASSWORD_HASH_ALGO = pbkdf2_v2
[service]
DISABLE_REGISTRATION = true
[cron]
ENABLED = false
[log]
LEVEL = warn
`;
}
