import type { FakeFile } from "../driver.ts";
import type { World } from "../world/world.ts";
import type { RequestBody } from "./read-request.ts";

/** Gives uploaded files ids and keeps them where they can be fetched. */
export function keepFiles(world: World, body: RequestBody): FakeFile[] {
  return [...body.files.values()].map((upload) => {
    const file = { id: world.snowflake(), ...upload };
    world.files.set(file.id, file);
    return file;
  });
}
