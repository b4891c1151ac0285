import { TemperError } from "#src/errors.ts";
import { createDiscoveryGraph } from "./index.ts";

/** The compiled graph as a Mermaid diagram: what the README shows. */
export function drawDiscoveryGraph(): string {
  const graph = createDiscoveryGraph(() =>
    Promise.reject(new TemperError("bad_input", "This graph was compiled to be drawn, not to be run.")),
  );
  return graph.getGraph().drawMermaid();
}
