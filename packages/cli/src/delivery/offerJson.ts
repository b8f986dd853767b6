import { type Command } from 'commander';

/** Adds `--json`, short for `--output json`. */
export function offerJson(command: Command): Command {
  return command
    .option('--json', 'same as --output json', false)
    .hook('preAction', (_, acting) => {
      if (acting.opts().json) {
        rootOf(acting).setOptionValue('output', 'json');
      }
    });
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}
