// The one entry of the image. It loads the part that was asked for into this process,
// so that signals reach it: in a container this process has the id 1.
const { existsSync } = require('node:fs');
const { resolve } = require('node:path');

const app = resolve(__dirname, '..');
const backend = resolve(app, 'packages/backend');

const commands = {
  serve: 'dist/index.cjs.js',
  migrate: 'dist/migrate.cjs.js',
  backup: 'dist/backup.cjs.js',
  restore: 'dist/restore.cjs.js',
};
// The image serves with logins that have rows alone.
const always = { migrate: ['--serving'], restore: ['--serving'] };

function fail(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

const [command = 'serve', ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, command)) {
  fail(
    64,
    `Portico knows no command "${command}". It has: ${Object.keys(
      commands,
    ).join(', ')}.`,
  );
}

// Files that are named here count from the folder of the image, later ones win.
const base = ['app-config.yaml', 'app-config.production.yaml'].flatMap(file => [
  '--config',
  resolve(app, file),
]);
const absolute = args.map((value, index) =>
  args[index - 1] === '--config' && !/^https?:/.test(value)
    ? resolve(app, value)
    : value,
);
if (command === 'serve') {
  const files = absolute.filter((_, index) => args[index - 1] === '--config');
  for (const file of files) {
    if (!/^https?:/.test(file) && !existsSync(file)) {
      fail(64, `The configuration file ${file} is not there.`);
    }
  }
}
process.argv = [
  process.argv[0],
  resolve(backend, commands[command]),
  ...(command === 'serve'
    ? [...base, ...absolute]
    : [...(always[command] ?? []), ...args]),
];
// app-config.yaml names its folders from here
process.chdir(backend);
require(resolve(backend, commands[command]));
