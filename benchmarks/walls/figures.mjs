// Collects times, keeps each one in a file, and prints tables.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';

/** The value below which a share of all lies. */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2
    ? sorted[middle]
    : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** What was measured, by part, workload, way and round. */
export class Figures {
  #cells = new Map();
  #aims = [];

  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /**
   * @param {{part: string, workload: string, way: string, round: number}} cell
   * @param {{times: number[], seconds: number}} measured - round 0 warms up and is dropped
   */
  add(cell, { times, seconds }) {
    const { part, workload, way, round } = cell;
    if (round === 0 || times.length === 0) return;
    const key = JSON.stringify([part, workload, way]);
    const rounds = this.#cells.get(key) ?? [];
    rounds.push({ times, seconds });
    this.#cells.set(key, rounds);
    const load = loadavg()[0].toFixed(2);
    appendFileSync(
      join(this.folder, `${part}.csv`),
      times
        .map(ms => `${workload},${way},${round},${load},${ms.toFixed(4)}\n`)
        .join(''),
    );
  }

  /** Figures of one cell; `ratio(other)` is the median of the rounds' ratios. */
  cell(part, workload, way) {
    const rounds = this.#cells.get(JSON.stringify([part, workload, way]));
    if (!rounds) return undefined;
    const times = rounds.flatMap(round => round.times);
    const of = share => percentile(times, share);
    const perRound = share =>
      rounds.map(round => percentile(round.times, share));
    const rates = rounds.map(round => round.times.length / round.seconds);
    return {
      n: times.length,
      p50: of(0.5),
      p95: of(0.95),
      p99: of(0.99),
      rate: median(rates),
      rates,
      perRound,
    };
  }

  ratio(part, workload, way, base, of) {
    const ours = this.cell(part, workload, way);
    const theirs = this.cell(part, workload, base);
    if (!ours || !theirs) return undefined;
    const values = cell => (of === 'rate' ? cell.rates : cell.perRound(of));
    const [a, b] = [values(ours), values(theirs)];
    return median(
      a.slice(0, Math.min(a.length, b.length)).map((value, i) => value / b[i]),
    );
  }

  /** Prints all of a part; ratios are against `base`, below 1 means faster than it. */
  print(part, title, base, unit = 'ms') {
    const keys = [...this.#cells.keys()]
      .map(key => JSON.parse(key))
      .filter(([own]) => own === part);
    if (keys.length === 0) return;
    console.log(`\n### ${title}\n`);
    console.log(
      `Times in ${unit}; ratios against \`${base}\`, the median of the rounds' ratios.\n`,
    );
    console.log(
      '| workload | way | n | p50 | p95 | p99 | per second | p50 ratio | p95 ratio | throughput ratio |',
    );
    console.log('|---|---|---:|---:|---:|---:|---:|---:|---:|---:|');
    for (const [, workload, way] of keys) {
      const cell = this.cell(part, workload, way);
      const ratio = of => {
        const value = this.ratio(part, workload, way, base, of);
        return value === undefined ? '' : value.toFixed(2);
      };
      console.log(
        `| ${workload} | ${way} | ${cell.n} | ${round(cell.p50)} | ${round(
          cell.p95,
        )} | ${round(cell.p99)} | ${round(cell.rate)} | ${ratio(0.5)} | ${ratio(
          0.95,
        )} | ${ratio('rate')} |`,
      );
    }
  }

  /** A promise of the issue, and what became of it. */
  aim(text, value, met) {
    this.#aims.push([text, value, met]);
  }

  printAims() {
    if (this.#aims.length === 0) return;
    console.log('\n### Aims\n\n| aim | measured | |\n|---|---|---|');
    for (const [text, value, met] of this.#aims) {
      console.log(`| ${text} | ${value} | ${met ? 'met' : 'missed'} |`);
    }
    writeFileSync(
      join(this.folder, 'aims.json'),
      JSON.stringify(this.#aims, null, 2),
    );
  }
}

export function round(value) {
  return value >= 100
    ? value.toFixed(0)
    : value >= 10
    ? value.toFixed(1)
    : value.toFixed(2);
}

/**
 * Runs `work` in a number of clients at once, each one request after the other, until
 * the time is over or it ran often enough.
 */
export async function run({ clients, seconds, most = Infinity, work }) {
  const times = [];
  let started = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  await Promise.all(
    Array.from({ length: clients }, async () => {
      // At least once, also when one takes longer than the time.
      while (started < most && (started < clients || performance.now() < end)) {
        const index = started++;
        const from = performance.now();
        await work(index);
        times.push(performance.now() - from);
      }
    }),
  );
  return { times, seconds: (performance.now() - start) / 1000 };
}

/**
 * As `run`, for several ways that take turns: A, B, A, B, and so on, each for a part of
 * its time, so that a slow moment of the machine meets all of them.
 *
 * @param {Array<{way: string, work: (index: number) => Promise<unknown>}>} ways
 */
export async function takeTurns({ ways, turns = 4, clients, seconds }) {
  const measured = new Map(
    ways.map(({ way }) => [way, { times: [], seconds: 0 }]),
  );
  for (let turn = 0; turn < turns; turn++) {
    for (const { way, work } of ways) {
      const sum = measured.get(way);
      const before = sum.times.length;
      const part = await run({
        clients,
        seconds: seconds / turns,
        work: index => work(before + index),
      });
      sum.times.push(...part.times);
      sum.seconds += part.seconds;
    }
  }
  return measured;
}
