import { parseArgs } from 'node:util';
import { prepareDatabase, readPreparation } from './prepareDatabase';
import { readCommandEnvironment } from './readCommandEnvironment';

async function run(): Promise<void> {
  const { values } = parseArgs({
    options: {
      // the portal then starts with `skipMigrations` and logins that have rows alone
      serving: { type: 'boolean', default: false },
    },
  });
  await prepareDatabase(readPreparation(readCommandEnvironment(), values));
}

run().catch(error => {
  process.stderr.write(`The database could not be prepared: ${error}\n`);
  process.exitCode = 1;
});
