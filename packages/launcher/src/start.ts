// The second part of `npm start`: started by bin/start.mjs with Node 24 and all
// packages installed, and told what to do over the channel to it.
import { DemoFile } from './DemoFile';
import { LauncherError } from './LauncherError';
import { makeDemo } from './makeDemo';
import { ParentProcess } from './ParentProcess';
import { runPortal } from './runPortal';
import { parseStartOptions } from './StartOptions';

async function start(): Promise<void> {
  const options = parseStartOptions(process.argv[2] ?? '');
  const parent = new ParentProcess();
  try {
    await runPortal(options, parent, async ({ address, database }) => {
      parent.ready();
      parent.print(`\nPortico runs at ${address} — stop it with Ctrl-C.`);
      if (!options.demo) {
        await new DemoFile(options.data).remove();
        parent.print(
          [
            '',
            'It starts empty. Next steps:',
            `  1. Sign in as Pat Platform at ${address}.`,
            '  2. Make a tenant under Tenants, with its first people.',
            '  3. Sign in as one of them and press Create.',
          ].join('\n'),
        );
        return;
      }
      await makeDemo({
        baseUrl: `http://localhost:${options.port}`,
        data: options.data,
        database,
        print: text => parent.print(text),
        signal: parent.signal,
      });
    });
    process.exit(0);
  } catch (error) {
    if (parent.signal.aborted) process.exit(0);
    parent.failed(
      error instanceof LauncherError
        ? error.message
        : `Portico did not start: ${
            error instanceof Error ? error.stack : error
          }`,
    );
    // leaves the channel time to carry the message
    process.exitCode = 1;
    process.disconnect?.();
  }
}

start().catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
