// The process of the local runtime; the README says which environment it reads.
import { LocalRuntime } from './LocalRuntime';
import { readConfiguration } from './readConfiguration';

async function main(): Promise<void> {
  // What it writes is for its own user only, whatever the shell was set to.
  process.umask(0o077);
  const runtime = await LocalRuntime.start({
    configuration: readConfiguration(process.env),
    log: line => process.stdout.write(`${line}\n`),
  });
  let ending = false;
  const end = () => {
    if (ending) {
      return;
    }
    ending = true;
    runtime.stop().then(
      () => process.exit(0),
      error => {
        process.stderr.write(`${error?.stack ?? error}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  // Whoever started it is gone, and nobody is left to stop it.
  process.on('disconnect', end);
  process.send?.({ type: 'ready', url: runtime.url });
}

main().catch(error => {
  process.stderr.write(
    `${error instanceof Error ? `${error.name}: ${error.message}` : error}\n`,
  );
  process.exit(1);
});
