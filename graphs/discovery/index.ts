import { END, START, StateGraph, type BaseCheckpointSaver } from "@langchain/langgraph";
import { approve } from "./approve.ts";
import type { DiscoveryContext } from "./context.ts";
import { enumerate } from "./enumerate.ts";
import { evaluate } from "./evaluate.ts";
import { plan } from "./plan.ts";
import { reflect } from "./reflect.ts";
import { route } from "./route.ts";
import { select } from "./select.ts";
import { DiscoveryState } from "./state.ts";
import { train } from "./train.ts";

/**
 * One trial as a graph: `plan → enumerate → select → approve → train → evaluate → reflect`. Wiring only; `open` gives what
 * the nodes stand on, and is not called before a node runs.
 */
export function createDiscoveryGraph(open: () => Promise<DiscoveryContext>, checkpointer?: BaseCheckpointSaver) {
  return new StateGraph(DiscoveryState)
    .addNode("plan", async (state, { signal }) => plan(await open(), state, signal))
    .addNode("enumerate", async (state) => enumerate(await open(), state))
    .addNode("select", async (state, { signal }) => select(await open(), state, signal))
    .addNode("approve", async (state) => approve(await open(), state))
    .addNode("train", async (state, { signal }) => train(await open(), state, signal))
    .addNode("evaluate", async (state, { signal }) => evaluate(await open(), state, signal))
    .addNode("reflect", async (state, { signal }) => reflect(await open(), state, signal))
    .addConditionalEdges(
      START,
      route(({ claimed }) => (claimed ? "approve" : "plan")),
      ["plan", "approve"],
    )
    .addConditionalEdges(
      "plan",
      route(({ turn }) => (turn === "stop" ? END : "enumerate")),
      ["enumerate", END],
    )
    .addConditionalEdges(
      "enumerate",
      route(({ turn }) => (turn === "exhausted" ? END : "select")),
      ["select", END],
    )
    .addConditionalEdges(
      "select",
      route(({ turn }) => (turn === "exhausted" ? END : "approve")),
      ["approve", END],
    )
    .addConditionalEdges(
      "approve",
      route(({ turn }) => {
        if (turn === "ask") return "approve";
        return turn === "skip" ? "reflect" : "train";
      }),
      ["train", "reflect", "approve"],
    )
    .addConditionalEdges(
      "train",
      route(({ turn }) => {
        if (turn === "ask") return "approve";
        return turn === "made" ? "evaluate" : "reflect";
      }),
      ["evaluate", "approve", "reflect"],
    )
    .addConditionalEdges(
      "evaluate",
      route(({ turn }) => (turn === "ask" ? "approve" : "reflect")),
      ["approve", "reflect"],
    )
    .addEdge("reflect", END)
    .compile(checkpointer === undefined ? {} : { checkpointer });
}

export type DiscoveryGraph = ReturnType<typeof createDiscoveryGraph>;
