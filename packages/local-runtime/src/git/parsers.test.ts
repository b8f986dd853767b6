import fc from 'fast-check';
import { serviceFiles } from '../__testUtils__/serviceFiles';
import { parsePorticoFile } from './porticoFile';
import { parseDeclaration } from './readDeclarations';

const digest = `sha256:${'a'.repeat(64)}`;
const path = 'checkout/overlays/dev/kustomization.yaml';
const declare = (text: string) =>
  parseDeclaration('checkout', 'dev', path, text);

describe('parseDeclaration', () => {
  it.each([
    ['images: []', undefined, 1],
    ['', undefined, 1],
    [
      `images: [{ name: checkout, digest: '${digest}' }]\nreplicas: [{ name: checkout, count: 2 }]`,
      digest,
      2,
    ],
    [`images: [{ name: other, digest: '${digest}' }]`, undefined, 1],
  ])('reads %j', (text, expectedDigest, replicas) => {
    expect(declare(text)).toEqual({
      component: 'checkout',
      environment: 'dev',
      digest: expectedDigest,
      replicas,
    });
  });

  it.each([
    ['images: [{ name: checkout, digest: latest }]', /digest/],
    ['images: {', /kustomization\.yaml cannot be used/],
    ['images: text', /images/],
    ['replicas: [{ name: checkout, count: -1 }]', /replicas/],
  ])('says what is wrong with %j', (text, problem) => {
    expect(declare(text).problem).toMatch(problem);
  });

  it('never fails, whatever is written there', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        expect(declare(text).component).toBe('checkout');
      }),
    );
  });
});

describe('parsePorticoFile', () => {
  const good = serviceFiles()['portico.yaml'];

  it('reads how a service is run, and leaves other kinds alone', () => {
    expect(parsePorticoFile(good)).toEqual({
      name: 'checkout',
      livePath: '/healthz',
      readyPath: '/readyz',
      metricsPath: '/metrics',
      memoryLimitBytes: 128 * 1024 * 1024,
      replicas: { dev: 1, staging: 1, prod: 2 },
    });
    expect(
      parsePorticoFile(good.replace('kind: Service', 'kind: Site')),
    ).toBeUndefined();
    expect(parsePorticoFile('- a list')).toBeUndefined();
  });

  it.each([
    ['runtime: node', 'runtime: cobol', /spec\.runtime/],
    ['name: checkout', 'name: ../etc', /metadata\.name/],
    ['ready: /readyz', 'ready: http://other/', /spec\.health\.ready/],
    ['dev: 1', 'dev: many', /spec\.replicas\.dev/],
    ['kind: Service', 'kind: Service\n\t: [', /no YAML/],
  ])('refuses %j instead of %j', (text, wrong, message) => {
    expect(() => parsePorticoFile(good.replace(text, wrong))).toThrow(message);
  });
});
