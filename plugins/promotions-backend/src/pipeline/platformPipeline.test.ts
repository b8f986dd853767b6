import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { type Entity } from '@backstage/catalog-model';
import { parseAllDocuments } from 'yaml';
import { builtInGates } from '../gates/builtInGates';
import { readEnvironment, readPipeline } from './DeclaredPipeline';
import { uniteStages } from './uniteStages';

const folder = resolvePackagePath(
  '@portico/plugin-promotions-backend',
  '../../delivery',
);

async function entities(file: string): Promise<Entity[]> {
  const text = await readFile(path.join(folder, file), 'utf8');
  return parseAllDocuments(text).map(document => document.toJS());
}

async function stagesOf(pipeline: Entity) {
  const environments = await entities('environments.yaml');
  return uniteStages({
    tenant: 'aurora',
    platform: readPipeline(pipeline),
    environments: new Map(
      environments.map(one => [
        one.metadata.name,
        { platform: readEnvironment(one) },
      ]),
    ),
    kinds: new Map(builtInGates.map(gate => [gate.kind, gate])),
    editors: [],
  });
}

it('comes with a pipeline to dev and staging by itself, and to production by people', async () => {
  const [pipeline] = await entities('pipeline.yaml');
  expect(
    (await stagesOf(pipeline)).map(one => [
      one.name,
      one.automatic,
      one.environment.protected,
      one.environment.delivery.driver,
      one.gates.map(({ name }) => name),
      one.rollbackGates.map(({ name }) => name),
    ]),
  ).toEqual([
    ['dev', true, false, 'local', ['freeze'], ['freeze']],
    ['staging', true, false, 'local', ['freeze'], ['freeze']],
    [
      'prod',
      false,
      true,
      'local',
      ['approval', 'soak', 'freeze'],
      ['approval', 'freeze'],
    ],
  ]);
});

it('comes with an example of a freeze that holds once its marks are taken away', async () => {
  const text = await readFile(path.join(folder, 'pipeline.yaml'), 'utf8');
  const opened = text.replace(/^( +)# (?=windows:| {2})/gm, '$1');
  const [document] = parseAllDocuments(opened);
  expect(document.errors).toEqual([]);
  const stages = await stagesOf(document.toJS());
  expect(stages[2].gates[2].options.windows).toEqual([
    expect.objectContaining({ name: 'end of the year', effect: 'deny' }),
  ]);
});
