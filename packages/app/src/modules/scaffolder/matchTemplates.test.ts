import { type Entity } from '@backstage/catalog-model';
import { matchTemplates } from './matchTemplates';

const templates: Entity[] = [
  {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: {
      name: 'typescript-service',
      title: 'TypeScript service',
      description: 'An HTTP service with health and metrics',
      tags: ['recommended'],
    },
    spec: { type: 'service' },
  },
  {
    apiVersion: 'scaffolder.backstage.io/v1beta3',
    kind: 'Template',
    metadata: { name: 'static-site', title: 'Static site' },
    spec: { type: 'website' },
  },
];

describe('matchTemplates', () => {
  it.each([
    ['', ['typescript-service', 'static-site']],
    ['  ', ['typescript-service', 'static-site']],
    ['HEALTH typescript', ['typescript-service']],
    ['recommended', ['typescript-service']],
    ['website', ['static-site']],
    ['service website', []],
  ])('finds for %j %j', (text, names) => {
    expect(
      matchTemplates(templates, text).map(({ metadata }) => metadata.name),
    ).toEqual(names);
  });
});
