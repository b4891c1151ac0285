import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { drawDiscoveryGraph } from "#graphs/discovery/draw.ts";

/** Draws `docs/discovery-graph.mmd` from the compiled graph. With `--check` it only says whether the file is up to date. */
const file = fileURLToPath(new URL("../docs/discovery-graph.mmd", import.meta.url));
const drawn = drawDiscoveryGraph();

if (!process.argv.includes("--check")) {
  writeFileSync(file, drawn);
} else if (readFileSync(file, "utf8") !== drawn) {
  process.stderr.write("docs/discovery-graph.mmd is not what the graph looks like now. Draw it again: node scripts/draw-graph.ts\n");
  process.exitCode = 1;
}
