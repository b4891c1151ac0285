import type { RunConfig } from "#src/config/run-config.ts";
import type { PreparedObjects } from "#src/pool/prepared-objects.ts";
import type { OpenedHome } from "../home.ts";
import type { Terminal } from "../terminal.ts";

/** A config that is to be started or gone on with. */
export interface StartRequest {
  terminal: Terminal;
  opened: OpenedHome;
  config: RunConfig;
  file: string;
  yes: boolean;
  offline: boolean;
  /** Says that models and data are there, after so many seconds; by default a line of its own. */
  tellPrepared?: (prepared: PreparedObjects, seconds: number) => string;
}
