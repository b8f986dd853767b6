/** A measurement in the text format of Prometheus. */
export interface PrometheusSample {
  name: string;
  labels: Readonly<Record<string, string>>;
  value: number;
}

const LINE =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"\s*(?:,|$)/gy;
const MAX_SAMPLES = 20_000;

/** Reads measurements; lines that are none are passed over. */
export function parsePrometheus(text: string): PrometheusSample[] {
  const samples: PrometheusSample[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) {
      continue;
    }
    const match = LINE.exec(line);
    const value = match ? parseValue(match[3]) : undefined;
    const labels = match ? parseLabels(match[2] ?? '') : undefined;
    if (match && value !== undefined && labels) {
      samples.push({ name: match[1], labels, value });
    }
    if (samples.length >= MAX_SAMPLES) {
      break;
    }
  }
  return samples;
}

function parseValue(text: string): number | undefined {
  switch (text) {
    case '+Inf':
    case 'Inf':
      return Infinity;
    case '-Inf':
      return -Infinity;
    default: {
      const value = Number(text);
      return Number.isNaN(value) ? undefined : value;
    }
  }
}

function parseLabels(text: string): Record<string, string> | undefined {
  const labels: Record<string, string> = Object.create(null);
  LABEL.lastIndex = 0;
  let position = 0;
  for (let match = LABEL.exec(text); match !== null; match = LABEL.exec(text)) {
    labels[match[1]] = match[2].replace(/\\(.)/g, (_, letter: string) =>
      letter === 'n' ? '\n' : letter,
    );
    position = LABEL.lastIndex;
  }
  return text.slice(position).trim() === '' ? labels : undefined;
}
