import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigReader } from '@backstage/config';
import { parse } from 'yaml';
import {
  readProcessRole,
  requireOneRole,
  worksInBackground,
} from './processRole';

/** The configuration as the portal reads it: later files win. */
function configOf(...files: string[]) {
  return ConfigReader.fromConfigs(
    files.map(context => ({
      context,
      data: parse(
        readFileSync(resolve(__dirname, '../../..', context), 'utf8'),
      ),
    })),
  );
}

describe('processRole', () => {
  it.each([
    ['all', true, ['app-config.yaml']],
    ['web', false, ['app-config.yaml', 'app-config.web.yaml']],
    ['worker', true, ['app-config.yaml', 'app-config.worker.yaml']],
  ] as const)(
    'makes a %s process of the shipped files',
    (role, works, files) => {
      const config = configOf(...files);
      expect(readProcessRole(config)).toBe(role);
      expect(worksInBackground(config)).toBe(works);
      expect(() => requireOneRole(config)).not.toThrow();
    },
  );

  it.each([
    [{ portico: { process: { role: 'both' } } }, 'write all, web, worker'],
    [
      { catalog: { processingInterval: false } },
      'nobody would process the catalog',
    ],
    [{ scaffolder: { concurrentTasksLimit: 0 } }, 'nobody would run templates'],
    [
      {
        portico: { process: { role: 'web' } },
        catalog: { processingInterval: false },
      },
      'scaffolder.concurrentTasksLimit has to be 0',
    ],
  ])('refuses %j', (data, reason) => {
    expect(() => requireOneRole(new ConfigReader(data))).toThrow(reason);
  });
});
