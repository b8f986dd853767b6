import { printable } from './printable';

/** A column of a table. */
export interface Column<T> {
  title: string;
  value: (row: T) => string | number | undefined;
}

/** Prints answers on standard output, and remarks on standard error. */
export class Output {
  constructor(readonly format: 'table' | 'json') {}

  /** A list: one row each, or an array in JSON. */
  list<T>(rows: readonly T[], columns: ReadonlyArray<Column<T>>): void {
    if (this.format === 'json') {
      this.json(rows);
      return;
    }
    const cells = [
      columns.map(column => column.title),
      ...rows.map(row =>
        columns.map(column =>
          printable(String(column.value(row) ?? '-')).replace(/\s+/g, ' '),
        ),
      ),
    ];
    const widths = columns.map((_, index) =>
      Math.max(...cells.map(line => line[index].length)),
    );
    for (const line of cells) {
      const text = line.map((cell, index) => cell.padEnd(widths[index]));
      process.stdout.write(`${text.join('  ').trimEnd()}\n`);
    }
  }

  /** One thing: a line per property, or an object in JSON. */
  item<T extends object>(
    item: T,
    properties: Record<string, string | number | undefined>,
  ): void {
    if (this.format === 'json') {
      this.json(item);
      return;
    }
    const width = Math.max(...Object.keys(properties).map(key => key.length));
    for (const [key, value] of Object.entries(properties)) {
      process.stdout.write(
        `${key.padEnd(width)}  ${printable(String(value ?? '-'))}\n`,
      );
    }
  }

  /** A bare text for scripts, such as a token, or an object in JSON. */
  text<T extends object>(item: T, text: string): void {
    if (this.format === 'json') {
      this.json(item);
    } else {
      process.stdout.write(`${printable(text)}\n`);
    }
  }

  /** A sentence for people; never part of the answer. */
  remark(sentence: string): void {
    process.stderr.write(`${printable(sentence)}\n`);
  }

  private json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, undefined, 2)}\n`);
  }
}
