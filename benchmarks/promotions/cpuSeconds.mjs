// Processor time of everything that this process has started, on Linux.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticks = Number(
  execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }),
);

/** Seconds that the processes below this one, and those that ended below them, have used. */
export function cpuSeconds() {
  const found = new Map();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name of the program, in brackets, may hold anything.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        found.set(Number(name), {
          parent: Number(fields[1]),
          used: fields
            .slice(11, 15)
            .reduce((sum, each) => sum + Number(each), 0),
        });
      } catch {
        // It ended in the meantime; whoever started it has its time now.
      }
    }
  }
  const isBelow = pid => {
    const parent = found.get(pid)?.parent;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  return (
    [...found]
      .filter(([pid]) => isBelow(pid))
      .reduce((sum, [, { used }]) => sum + used, 0) / ticks
  );
}
