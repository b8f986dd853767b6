import fc from 'fast-check';
import { readObjects, render, valuesOf } from './__testUtils__/chart';

jest.setTimeout(120_000);

type Values = Record<string, unknown>;

/** Values of the smallest installation with some of them changed. */
function changed(...changes: [path: string, value: unknown][]): Values {
  const values = valuesOf('minimal');
  for (const [path, value] of changes) {
    const keys = path.split('.');
    let place = values;
    for (const key of keys.slice(0, -1)) {
      place[key] ??= {};
      place = place[key] as Values;
    }
    if (value === undefined) {
      delete place[keys[keys.length - 1]];
    } else {
      place[keys[keys.length - 1]] = value;
    }
  }
  return values;
}

const PEM = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----';

describe('the values', () => {
  it.each<[string, Values]>([
    [
      'an image by its tag',
      changed(['image.digest', undefined], ['image.tag', 'latest']),
    ],
    ['a digest that is none', changed(['image.digest', 'sha256:abc'])],
    [
      'a tag within the repository',
      changed(['image.repository', 'registry.example.com/portico:1.0']),
    ],
    [
      'an image of the documents builder by its tag',
      changed([
        'docsBuilder',
        {
          enabled: true,
          image: { repository: 'r.example.com/docs', digest: 'latest' },
        },
      ]),
    ],
    [
      'an address without TLS',
      changed(['portal.baseUrl', 'http://portal.example.com']),
    ],
    [
      'a password in an address',
      changed([
        'portal.checkpoints.repository',
        'https://me:secret@git.example.com/x.git',
      ]),
    ],
    [
      'a secret where there is no place for one',
      changed(['secrets.serving', { PORTICO_APP_PASSWORD: 'hunter2' }]),
    ],
    ['a misspelt key', changed(['databse', { host: 'x' }])],
    ['a misspelt key further down', changed(['web.replica', 3])],
    ['one web replica', changed(['web.replicas', 1])],
    [
      'a password in the configuration',
      changed([
        'config',
        { integrations: { gitlab: [{ host: 'h', token: 'glpat-1' }] } },
      ]),
    ],
    [
      'keys in the configuration',
      changed(['config', { tenancy: { sealingKeys: ['AAAA'] } }]),
    ],
    [
      'a private key in the configuration',
      changed(['config', { anything: { pem: PEM } }]),
    ],
    [
      'a password in an address in the configuration',
      changed([
        'config',
        { proxy: { target: 'https://me:secret@x.example.com' } },
      ]),
    ],
    [
      'a secret in the environment',
      changed(['extraEnv', [{ name: 'GITLAB_TOKEN', value: 'glpat-1' }]]),
    ],
    [
      'a variable with two values',
      changed([
        'extraEnv',
        [{ name: 'A', value: 'b', valueFrom: { fieldRef: {} } }],
      ]),
    ],
    [
      'what kubeseal did not make',
      changed(
        ['secrets.from', 'sealed'],
        [
          'secrets.sealed',
          { serving: { PORTICO_APP_PASSWORD: 'hunter2' }, preparation: {} },
        ],
      ),
    ],
    ['External Secrets without a store', changed(['secrets.from', 'external'])],
    ['an Ingress without TLS', changed(['ingress', { enabled: true }])],
    ['everybody let in', changed(['networkPolicy.ingressFrom', []])],
    ['an empty peer', changed(['networkPolicy.ingressFrom', [{}]])],
    [
      "a backup into the portal's own folders",
      changed(['backup', { enabled: true, to: '/var/lib/portico/git' }]),
    ],
    [
      'a container without a limit of memory',
      changed([
        'web.resources',
        { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: null } },
      ]),
    ],
  ])('are refused: %s', async (_what, values) => {
    await expect(render(values)).rejects.toThrow(
      /values don't meet the specifications of the schema/,
    );
  });

  it('are refused when an installation is not told what has no default', async () => {
    const said = await render({}).catch((error: Error) => error.message);
    for (const missing of ['image/digest', 'portal/baseUrl', 'database/host']) {
      expect(said).toContain(`at '/${missing}'`);
    }
  });

  it('take references to secrets, and what is none', async () => {
    const rendered = await render(
      changed(
        [
          'config',
          {
            integrations: {
              gitlab: [
                { host: 'gitlab.example.com', token: '${GITLAB_TOKEN}' },
              ],
            },
            tenancy: { sealingKeys: ['${NEW_KEY}', '${OLD_KEY}'] },
            auth: { session: { secret: '${AUTH_SESSION_SECRET}' } },
            organization: { name: 'Token & Co' },
            backend: { cors: { origin: 'https://portal.example.com:8443/x' } },
          },
        ],
        [
          'extraEnv',
          [
            { name: 'HTTPS_PROXY', value: 'http://proxy.example.com:3128' },
            {
              name: 'GITLAB_TOKEN',
              valueFrom: { secretKeyRef: { name: 'git', key: 'token' } },
            },
          ],
        ],
      ),
    );
    expect(rendered).toContain('token: ${GITLAB_TOKEN}');
  });

  it('hide no literal behind a name that tells a secret, however deep', async () => {
    const secretName = fc
      .tuple(
        fc.constantFrom('', 'client', 'webhook', 'db'),
        fc.constantFrom(
          'Password',
          'Secret',
          'Token',
          'apiKey',
          'Credentials',
          'Passphrase',
          'signingKeys',
        ),
      )
      .map(([before, name]) => (before ? `${before}${name}` : name));
    const literal = fc
      .string({ minLength: 1, maxLength: 20 })
      .filter(text => !/^\$\{[A-Z][A-Z0-9_]*\}$/.test(text));
    const path = fc.array(fc.constantFrom('a', 'providers', '0'), {
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(secretName, literal, path, async (name, text, keys) => {
        const config = keys.reduceRight<unknown>(
          (inner, key) => (key === '0' ? [inner] : { [key]: inner }),
          { [name]: text },
        );
        await expect(
          render(changed(['config', { top: config }])),
        ).rejects.toThrow(/schema/);
      }),
      { numRuns: 25 },
    );
  });
});

describe('a change of the configuration', () => {
  it('rolls the replicas, and nothing else does', async () => {
    const templates = async (values: Values) =>
      readObjects(await render(values))
        .filter(({ kind }) => kind === 'Deployment')
        .map(object => JSON.stringify(object));
    const before = await templates(valuesOf('minimal'));
    expect(await templates(valuesOf('minimal'))).toEqual(before);
    expect(
      await templates(changed(['config', { organization: { name: 'B' } }])),
    ).not.toEqual(before);
    expect(await templates(changed(['service.port', 8080]))).toEqual(before);
  });
});
