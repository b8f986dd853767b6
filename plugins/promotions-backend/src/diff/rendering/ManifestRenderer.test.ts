import { installedTool } from '../__testUtils__/installedTool';
import { collectChart } from './collectChart';
import { ManifestRenderer } from './ManifestRenderer';

jest.setTimeout(60_000);

const helm = installedTool('helm');
const whereInstalled = helm ? describe : describe.skip;

const template = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  annotations:
    address: {{ getHostByName "localhost" | quote }}
    cluster: {{ len (lookup "v1" "Secret" "default" "") | quote }}
spec:
  replicas: {{ .Values.replicas }}
  template:
    spec:
      containers:
        - name: service
          image: "{{ .Values.image.name }}@{{ .Values.image.digest }}"
`;

function chart(more: Record<string, string> = {}) {
  return new Map(
    Object.entries({
      'checkout/Chart.yaml':
        'apiVersion: v2\nname: checkout\nversion: 1.0.0\ndescription: A chart\n',
      'checkout/values.yaml': 'replicas: 1\nimage: { name: checkout }\n',
      'checkout/templates/deployment.yaml': template,
      'checkout/environments/staging.yaml': `image:\n  digest: sha256:${'a'.repeat(
        64,
      )}\n`,
      ...more,
    }),
  );
}

whereInstalled('ManifestRenderer with the real helm', () => {
  const render = (files: ReadonlyMap<string, string>) =>
    new ManifestRenderer(async () => helm).render(
      collectChart({
        files,
        values: 'checkout/environments/staging.yaml',
        release: 'checkout',
      }),
      AbortSignal.timeout(30_000),
    );

  it('renders the chart above the values, and asks neither the network nor a cluster', async () => {
    const text = await render(chart());
    expect(text).toContain(`image: "checkout@sha256:${'a'.repeat(64)}"`);
    expect(text).toContain('replicas: 1');
    expect(text).toContain('name: checkout\n');
    expect(text).toContain('address: ""');
    expect(text).toContain('cluster: "0"');
  });

  it.each<[string, Record<string, string>]>([
    [
      'a template that fails',
      { 'checkout/templates/secret.yaml': '{{ fail "hunter2" }}' },
    ],
    [
      'a chart that it would have to fetch',
      {
        'checkout/Chart.yaml':
          'apiVersion: v2\nname: checkout\nversion: 1.0.0\ndependencies:\n  - { name: hunter2, version: 1.0.0, repository: "http://127.0.0.1:9" }\n',
      },
    ],
  ])('refuses %s, and quotes nothing of it', async (_, files) => {
    const refusal = await render(chart(files)).catch(String);
    expect(refusal).toMatch(/helm refused checkout \(exit code 1\)/);
    expect(refusal).not.toContain('hunter2');
  });
});

afterAll(() => {
  if (!helm) {
    process.stderr.write(
      'skipped 3 tests of rendering: helm is not on the PATH\n',
    );
  }
});
