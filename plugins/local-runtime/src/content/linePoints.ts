/** Width and height of the space that a line is drawn in. */
export const LINE_SIZE = { width: 120, height: 24 } as const;

/** The points of a line through values, from 0 at the bottom; `''` below two values. */
export function linePoints(values: readonly number[]): string {
  if (values.length < 2) {
    return '';
  }
  const { width, height } = LINE_SIZE;
  const highest = Math.max(...values, Number.MIN_VALUE);
  return values
    .map((value, index) => {
      const x = (index / (values.length - 1)) * width;
      const y = height - 1 - (value / highest) * (height - 2);
      return `${round(x)},${round(y)}`;
    })
    .join(' ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
