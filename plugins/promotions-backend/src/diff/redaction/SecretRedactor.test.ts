import fc from 'fast-check';
import { parseAllDocuments, stringify } from 'yaml';
import { SecretRedactor } from './SecretRedactor';

function redact(text: string, redactor = new SecretRedactor()): string {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) {
    return '';
  }
  documents.forEach((document, index) =>
    redactor.redactDocument(document, String(index)),
  );
  return documents.map(String).join('');
}

/** What is told apart from everything around it, in plain and in base64. */
const MARK = 'zq9Leak';
const value = fc
  .stringMatching(/^[a-z0-9]{0,12}$/)
  .map(rest => `${MARK}${rest}`);
const base64 = value.map(text => Buffer.from(text).toString('base64'));
const secretName = fc.constantFrom(
  'password',
  'DB_PASSWORD',
  'apiKey',
  'client-secret',
  'auth.token',
  'SESSION_ID',
  'secretKey',
);
const harmless = fc.constantFrom('a', 'LOG_LEVEL', 'nothing', 'replicas');

/** Structures with the mark in every place that is secret by its kind, name or form. */
const planted: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.record({ [MARK.slice(0, 3)]: fc.constant('harmless') }),
    fc.record({
      apiVersion: fc.constant('v1'),
      kind: fc.constant('Secret'),
      metadata: fc.constant({ name: 's' }),
      data: fc.dictionary(harmless, base64),
      stringData: fc.dictionary(harmless, value),
    }),
    fc.tuple(secretName, value).map(([name, text]) => ({ [name]: text })),
    fc
      .tuple(secretName, value)
      .map(([name, text]) => ({ [name]: { any: [text, { deeper: text }] } })),
    fc
      .tuple(secretName, value)
      .map(([name, text]) => ({ env: [{ name, value: text }] })),
    fc.tuple(secretName, value).map(([name, text]) => ({
      args: [`--${name}`, text, `--${name}=${text}`],
    })),
    fc.tuple(harmless, value).map(([name, text]) => ({
      secretGenerator: [{ name: 's', literals: [`${name}=${text}`] }],
    })),
    base64.map(text => ({
      patches: [
        {
          target: { name: 's' },
          patch: `- op: replace\n  path: /data/anything\n  value: ${text}\n`,
        },
        { target: { kind: 'Secret' }, patch: `what: ${text}` },
      ],
    })),
    value.map(text => ({
      patchesStrategicMerge: [
        `apiVersion: v1\nkind: Secret\nstringData:\n  a: ${text}\n`,
      ],
    })),
    value.map(text => ({ url: `postgres://kim:${text}@db.example.org/x` })),
    fc.tuple(secretName, value).map(([name, text]) => ({
      data: { 'app.properties': `${name}=${text}` },
    })),
    fc.tuple(secretName, value).map(([name, text]) => ({
      data: { 'app.json': JSON.stringify({ [name]: text }) },
    })),
    fc.dictionary(harmless, tie('tree'), { maxKeys: 3 }),
    fc.array(tie('tree'), { maxLength: 3 }),
    // A manifest inside of a manifest
    tie('tree').map(tree => ({ data: { 'inner.yaml': stringify({ tree }) } })),
  ),
})).tree;

/** How the base64 of what begins with the mark begins. */
const ENCODED = Buffer.from(MARK).toString('base64').slice(0, 8);

function leaks(text: string): boolean {
  return text.includes(MARK) || text.includes(ENCODED);
}

describe('SecretRedactor', () => {
  it('never lets a secret through, whatever stands around it', () => {
    fc.assert(
      fc.property(planted, fc.boolean(), (tree, anchored) => {
        const text = stringify(anchored ? { first: tree, again: tree } : tree);
        const redacted = redact(text);
        expect(leaks(redacted) ? redacted : '').toBe('');
        expect(
          parseAllDocuments(redacted).flatMap(({ errors }) => errors),
        ).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps everything that is no secret, comments and order included', () => {
    const text = `# A service
apiVersion: apps/v1
kind: Deployment
metadata:
  name: checkout
spec:
  replicas: 2 # two
  template:
    spec:
      automountServiceAccountToken: false
      imagePullSecrets:
        - name: registry
      containers:
        - name: service
          image: checkout@sha256:1234
          args: [ --verbose, --port=8080 ]
          env:
            - name: LOG_LEVEL
              value: info
            - name: DB_PASSWORD
              valueFrom:
                secretKeyRef:
                  name: db
                  key: password
      volumes:
        - name: tls
          secret:
            secretName: checkout-tls
            items:
              - key: tls.key
                path: key.pem
`;
    expect(redact(text)).toBe(text);
  });

  it('says that a secret changed, and not to what', () => {
    const redactor = new SecretRedactor();
    const secret = (password: string) =>
      `kind: Secret\nstringData:\n  password: ${password}\n  user: kim\n`;
    expect(redact(secret('one'), redactor)).toBe(
      'kind: Secret\nstringData:\n  password: "[redacted]"\n  user: "[redacted]"\n',
    );
    expect(redact(secret('two'), redactor)).toBe(
      'kind: Secret\nstringData:\n  password: "[redacted, changed]"\n  user: "[redacted]"\n',
    );
  });

  it('says that a text changed of which only the secret did', () => {
    const redactor = new SecretRedactor();
    const map = (password: string) =>
      `data:\n  app.properties: password=${password}\n`;
    expect(redact(map('one'), redactor)).toBe(
      'data:\n  app.properties: password=[redacted]\n',
    );
    expect(redact(map('two'), redactor)).toBe(
      'data:\n  app.properties: password=[redacted, changed]\n',
    );
  });

  it('takes an alias of a secret for one, and ends with one of itself', () => {
    expect(redact('plain: &a zq9Leak\npassword: *a\n')).not.toContain(MARK);
    expect(redact('password: &a\n  - *a\n  - zq9Leak\n')).not.toContain(MARK);
  });

  it('takes a secret out of comments', () => {
    const text = redact(
      'a: 1 # password: zq9Leak\n# data:\n#   x: enE5TGVha3pxOUxlYWt6cTlMZWFr\n',
    );
    expect(leaks(text)).toBe(false);
  });
});
