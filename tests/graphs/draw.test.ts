import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { drawDiscoveryGraph } from "#graphs/discovery/draw.ts";

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

it("draws the discovery graph as it stands in docs/discovery-graph.mmd", () => {
  expect(read("docs/discovery-graph.mmd")).toBe(drawDiscoveryGraph());
});

it("shows the graph as it is in the README", () => {
  expect(read("README.md")).toContain(drawDiscoveryGraph().trim());
});

it("offers the graph to LangGraph's own tools under the names in langgraph.json", async () => {
  const { graphs } = z.object({ graphs: z.record(z.string(), z.string()) }).parse(JSON.parse(read("langgraph.json")));
  expect(Object.keys(graphs)).toEqual(["discovery"]);
  const { graph } = await import("#graphs/discovery/studio.ts");
  const nodes = Object.keys(graph.getGraph().nodes);
  expect(nodes).toEqual(["__start__", "plan", "enumerate", "select", "approve", "train", "evaluate", "reflect", "__end__"]);
});
