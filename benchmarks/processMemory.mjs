// Memory of a process and of everything that it started, by what it is.
import { readdirSync, readFileSync } from 'node:fs';

/** Which part of a portal a command line belongs to; the first that fits. */
const parts = [
  ['PostgreSQL', /postgres/],
  ['backend', /backendPreload|packages\/backend|src\/index\.ts$/],
  ['local runtime', /local-runtime/],
  ['docs builder', /docs-builder|mkdocs/],
  ['launcher', /launcher|^npm|^sh -c/],
];

/** Every process below a process, itself included. */
function processTree(root) {
  const children = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      // The command is in brackets and may hold anything.
      const parent = Number(
        stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1],
      );
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // ended meanwhile
    }
  }
  const found = [];
  const waiting = [root];
  while (waiting.length > 0) {
    const pid = waiting.shift();
    found.push(pid);
    waiting.push(...(children.get(pid) ?? []));
  }
  return found;
}

/**
 * Proportional set sizes in MiB: each shared page counts once, divided among those that
 * share it, so that the sum is what the machine is without.
 *
 * @param {number} root - the process that started all others
 * @returns {{part: string, processes: number, mebibytes: number}[]} with the total last
 */
export function processMemory(root) {
  const figures = new Map();
  for (const pid of processTree(root)) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        .replaceAll('\0', ' ')
        .trim();
      const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
      const kibibytes = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
      const part =
        parts.find(([, pattern]) => pattern.test(command))?.[0] ?? 'services';
      const figure = figures.get(part) ?? { processes: 0, kibibytes: 0 };
      figures.set(part, {
        processes: figure.processes + 1,
        kibibytes: figure.kibibytes + kibibytes,
      });
    } catch {
      // ended meanwhile, or somebody else's
    }
  }
  const rows = [...figures].map(([part, { processes, kibibytes }]) => ({
    part,
    processes,
    mebibytes: Math.round(kibibytes / 1024),
  }));
  rows.sort((left, right) => right.mebibytes - left.mebibytes);
  const sum = key => rows.reduce((total, row) => total + row[key], 0);
  return [
    ...rows,
    {
      part: 'all',
      processes: sum('processes'),
      mebibytes: sum('mebibytes'),
    },
  ];
}

/** One line for people. */
export function memoryText(rows) {
  return rows
    .map(
      ({ part, processes, mebibytes }) =>
        `${part} ${mebibytes} MiB (${processes})`,
    )
    .join(', ');
}
