import { spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  chartFolder,
  helm,
  installations,
  program,
  readObjects,
  render,
  valuesOf,
} from './__testUtils__/chart';

jest.setTimeout(120_000);

/** Holds objects against the descriptions of their kinds. */
function conform(objects: string): Promise<{ code: number; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(
      program('kubeconform'),
      [
        '-summary',
        '-output=text',
        `-schema-location=${program(
          'schemas',
        )}/{{.ResourceKind}}{{.KindSuffix}}.json`,
        // No released module describes it; the properties test looks at it.
        '-skip=route.openshift.io/v1/Route',
        '-',
      ],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    const said: string[] = [];
    child.stdout.setEncoding('utf8').on('data', text => said.push(text));
    child.stderr.setEncoding('utf8').on('data', text => said.push(text));
    child.once('error', reject);
    child.once('close', code =>
      resolve({ code: code ?? 1, said: said.join('') }),
    );
    child.stdin.end(objects);
  });
}

describe.each(installations)('the chart with ci/%s-values.yaml', name => {
  it('has nothing that helm lint finds', async () => {
    const said = await helm([
      'lint',
      chartFolder,
      '--strict',
      '--kube-version=1.34.4',
      `--values=${join(chartFolder, 'ci', `${name}-values.yaml`)}`,
    ]);
    expect(said).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it('makes objects as Kubernetes and the others describe them', async () => {
    const rendered = await render(valuesOf(name));
    const { code, said } = await conform(rendered);
    expect({ code, said }).toEqual({
      code: 0,
      said: expect.stringContaining('Invalid: 0, Errors: 0'),
    });
    const routes = readObjects(rendered).filter(({ kind }) => kind === 'Route');
    expect(said).toContain(`Skipped: ${routes.length}`);
  });

  it('makes no object twice', async () => {
    const names = readObjects(await render(valuesOf(name))).map(
      ({ kind, metadata }) => `${kind}/${metadata.name}`,
    );
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the descriptions', () => {
  it('refuse a field that does not exist', async () => {
    const rendered = await render(valuesOf('everything'));
    for (const [right, wrong] of [
      ['automountServiceAccountToken:', 'automountServiceAccountTokens:'],
      ['refreshInterval:', 'refreshIntervall:'],
      ['maxUnavailable: 0', 'maxUnavailable: [0]'],
      ['            severity: critical', '            severity: 7'],
    ]) {
      expect(rendered).toContain(right);
      const { code } = await conform(rendered.replace(right, wrong));
      expect(code).toBe(1);
    }
  });
});
