// Loaded into the suite's own backend before everything else (`node --require`), and into
// nothing else: puts a switch into each guard while its file is loaded. The product has no
// such switch. The suite says over the channel which guard is off.
const { Module } = require('node:module');
const { guards } = require('./guards.cjs');

let switchedOff = '';
const applied = new Map(guards.map(({ id }) => [id, 0]));

globalThis.suiteGuardIsOff = id => switchedOff.split('+').includes(id);

// The suite is gone: so is the backend.
process.once('disconnect', () => process.exit(1));

process.on('message', message => {
  if (message?.type !== 'switch off') return;
  switchedOff = message.guard;
  globalThis.suiteVictim = message.victim;
  process.send({
    answer: guards
      .filter(({ id, changes }) => applied.get(id) !== changes.length)
      .map(({ id }) => id),
  });
});

const load = Module._extensions['.ts'] ?? Module._extensions['.js'];
Module._extensions['.ts'] = function loadWithSwitches(module, filename) {
  const compile = module._compile;
  module._compile = function compileWithSwitches(source, ...rest) {
    module._compile = compile;
    return module._compile(withSwitches(source, filename), ...rest);
  };
  return load(module, filename);
};

function withSwitches(source, filename) {
  let result = source;
  for (const { id, changes } of guards) {
    for (const { file, find, replace } of changes) {
      if (!filename.endsWith(`/${file}`)) continue;
      const parts = result.split(find);
      if (parts.length !== 2) {
        throw new Error(
          `The guard "${id}" is not found exactly once in ${file}: say in guards.cjs where it is now`,
        );
      }
      result = parts.join(
        replace.replaceAll(/\boff\(/g, 'globalThis.suiteGuardIsOff('),
      );
      applied.set(id, applied.get(id) + 1);
    }
  }
  return result;
}
