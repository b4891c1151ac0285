/** A point of a chart, and where its label begins. */
interface Labelled {
  x: number;
  y: number;
}

/** What a label takes of the chart's width and height, as shares of it. */
const labelWidth = 0.5;
const labelHeight = 0.045;

/** Width of an axis that holds these values and 0. */
function span(values: readonly number[]): number {
  return Math.max(...values, 0) - Math.min(...values, 0) || 1;
}

/**
 * Heights of labels so that none lies on another: those of neighbours are stacked above each other, in the order of the points.
 * @param points in units of the axes. @returns one height for each point, in the same units.
 */
export function stackLabels(points: readonly Labelled[]): number[] {
  const width = labelWidth * span(points.map(({ x }) => x));
  const height = labelHeight * span(points.map(({ y }) => y));
  const places: (Labelled & { index: number })[] = [];
  const order = Array.from(points.entries()).toSorted(([, a], [, b]) => a.y - b.y || a.x - b.x);
  for (const [index, { x, y }] of order) {
    let at = y;
    const covers = (other: Labelled) => Math.abs(other.x - x) < width && Math.abs(other.y - at) < height * 0.999;
    while (places.some(covers)) at += height;
    places.push({ index, x, y: at });
  }
  return places.toSorted((a, b) => a.index - b.index).map(({ y }) => y);
}
