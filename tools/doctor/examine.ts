import { join } from "node:path";
import { checkDatabase } from "./check-database.ts";
import { checkHome, checkMemory, checkNode, checkPorts } from "./check-machine.ts";
import { checkPackages } from "./check-packages.ts";
import { checkPython } from "./check-python.ts";
import { checkWorker } from "./check-worker.ts";
import type { Finding } from "./finding.ts";

/** Where things are on this machine. Paths are absolute. */
export interface Place {
  /** Checkout of Temper. */
  root: string;
  home: string;
  python: string;
  databaseUrl: string | undefined;
  now: Date;
}

/** Looks at everything that Temper needs of a machine, in the order in which things depend on each other. */
export async function examine(place: Place): Promise<Finding[]> {
  const packages = await checkPackages(place.root);
  const python = await checkPython(place.python, join(place.root, "gpu-scripts"));
  const home = await checkHome(place.home);
  return [
    checkNode(),
    ...packages,
    ...python,
    checkMemory(),
    ...home,
    ...(home.some((finding) => finding.name === "home" && finding.status === "ok")
      ? [...(await checkDatabase(place.home, place.databaseUrl, place.now.getTime())), await checkWorker(place.home)]
      : []),
    await checkPorts(),
  ];
}
