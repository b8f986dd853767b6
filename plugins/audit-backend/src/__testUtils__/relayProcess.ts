// A relay in a process of its own, to be killed: <connection string> <origin>
import { createPorticoDatabase } from '@portico/database';
import { Relay } from '../relay/Relay';

const [connectionString, origin] = process.argv.slice(2);
const report = (text: string) => process.stderr.write(`${text}\n`);

new Relay({
  database: createPorticoDatabase({ connection: { connectionString } }),
  origin,
  logger: {
    error: report,
    warn: report,
    info: report,
    debug: () => {},
    child() {
      return this;
    },
  },
  onChained: () => process.stdout.write('chained\n'),
}).start();
