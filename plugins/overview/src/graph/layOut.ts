import { type VisibleEdge, type VisibleNode } from './DependencyGraph';

/** Size of a node, and the room between two. */
export const NODE_WIDTH = 216;
export const NODE_HEIGHT = 64;
const COLUMN_GAP = 72;
const ROW_GAP = 16;

/** Where a node stands: its upper left corner. */
export interface Place {
  x: number;
  y: number;
}

/**
 * Puts nodes into columns: what needs the root left of it, what it needs right of it.
 * Within a column a node stands near its neighbours of the column before, so opening a
 * node moves only what stands in the same columns.
 */
export function layOut(
  nodes: readonly Pick<VisibleNode, 'ref' | 'level'>[],
  edges: readonly VisibleEdge[],
): Map<string, Place> {
  const columns = new Map<number, string[]>();
  const levels = new Map<string, number>();
  for (const { ref, level } of nodes) {
    columns.set(level, [...(columns.get(level) ?? []), ref]);
    levels.set(ref, level);
  }
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  const places = new Map<string, Place>();
  const outwards = [...columns.keys()].sort(
    (a, b) => Math.abs(a) - Math.abs(b) || a - b,
  );
  for (const level of outwards) {
    const towardsRoot = level - Math.sign(level);
    const heights = new Map(
      (columns.get(level) ?? []).map(ref => {
        const anchors = (neighbours.get(ref) ?? []).flatMap(other =>
          levels.get(other) === towardsRoot ? places.get(other)?.y ?? [] : [],
        );
        return [ref, mean(anchors)] as const;
      }),
    );
    const column = [...heights.keys()].sort(
      (a, b) =>
        (heights.get(a) ?? 0) - (heights.get(b) ?? 0) || a.localeCompare(b),
    );
    const step = NODE_HEIGHT + ROW_GAP;
    const top = -((column.length - 1) * step) / 2;
    column.forEach((ref, index) =>
      places.set(ref, {
        x: level * (NODE_WIDTH + COLUMN_GAP),
        y: top + index * step,
      }),
    );
  }
  return places;
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0
    ? 0
    : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
