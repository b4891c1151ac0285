import { parentPort, workerData } from "node:worker_threads";
import { openStore, type StorePlace } from "#src/store/open-store.ts";
import { drawPicture } from "./draw-picture.ts";
import type { Picture } from "./picture.ts";

/** What the thread is asked, and answers. */
export type PictureQuestion = { id: number; picture: Picture };
export type PictureReply = { id: number; png: Uint8Array | null } | { id: number; error: string };

const place: StorePlace = workerData;
const store = await openStore(place);

function send(reply: PictureReply): void {
  parentPort?.postMessage(reply);
}

parentPort?.on("message", ({ id, picture }: PictureQuestion) => {
  drawPicture(store, picture).then(
    (png) => send({ id, png }),
    (error: unknown) => send({ id, error: error instanceof Error ? error.message : String(error) }),
  );
});
