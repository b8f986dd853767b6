import { entity } from '../__testUtils__/FakeCatalog';
import { apiVersion } from './apiVersion';

it.each([
  ['openapi: 3.1.0\ninfo:\n  title: x\n  version: 1.2.0\n', '1.2.0'],
  ["asyncapi: '2.6.0'\ninfo:\n  version: '2'\n  title: y", '2'],
  ['{"openapi":"3.0.0","info":{"version":"3.1","title":"z"}}', '3.1'],
  [
    '{\n  "openapi": "3.0.0",\n  "info": {\n    "version": "3.1"\n  }\n}',
    '3.1',
  ],
  ['syntax = "proto3";\nmessage Version {}', undefined],
  ['type Query { version: String }', undefined],
  ['', undefined],
])('reads the version of %j', (definition, expected) => {
  expect(apiVersion(entity('API', 'a', {}, { spec: { definition } }))).toBe(
    expected,
  );
});
