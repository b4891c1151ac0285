/** squeue's columns: id, name, state, reason, nodes; the comment last, since a directory may hold any character. */
export const queueFormat = "%A|%j|%T|%r|%N|%k";

/** A line of squeue. */
export interface QueuedJob {
  id: string;
  name: string;
  state: string;
  reason: string;
  nodes: string;
  directory: string;
}

/** Reads what squeue prints in `queueFormat`. Lines of another form are notes of Slurm and no jobs. */
export function parseQueue(text: string): QueuedJob[] {
  return text.split("\n").flatMap((line) => {
    const [id, name, state, reason, nodes, ...comment] = line.split("|");
    if (id === undefined || !/^\d+$/.test(id) || name === undefined || state === undefined) return [];
    return [{ id, name, state, reason: reason ?? "", nodes: nodes ?? "", directory: comment.join("|") }];
  });
}
