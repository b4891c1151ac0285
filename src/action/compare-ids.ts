const neutralId = /^([a-z]+)(\d+)$/;

/** Order of object ids: `m9` before `m10`, everything else by code unit. The same on every machine. */
export function compareIds(a: string, b: string): number {
  const left = neutralId.exec(a);
  const right = neutralId.exec(b);
  if (left !== null && right !== null && left[1] === right[1]) {
    const difference = Number(left[2]) - Number(right[2]);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}
