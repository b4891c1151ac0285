/** A point of a chart, and where its label begins. */
interface Labelled {
  x: number;
  y: number;
}

/**
 * Heights of labels so that none lies on another: those of neighbours are stacked above each other, in the order of the points.
 * @param points in units of the axes. @param label what one takes, in the same units.
 * @returns one height for each point, in the same units.
 */
export function stackLabels(points: readonly Labelled[], label: { width: number; height: number }): number[] {
  const places: (Labelled & { index: number })[] = [];
  const order = Array.from(points.entries()).toSorted(([, a], [, b]) => a.y - b.y || a.x - b.x);
  for (const [index, { x, y }] of order) {
    let at = y;
    const covers = (other: Labelled) => Math.abs(other.x - x) < label.width && Math.abs(other.y - at) < label.height * 0.999;
    while (places.some(covers)) at += label.height;
    places.push({ index, x, y: at });
  }
  return places.toSorted((a, b) => a.index - b.index).map(({ y }) => y);
}
