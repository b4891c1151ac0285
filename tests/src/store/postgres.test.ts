import { it } from "vitest";
import { describeStore } from "#tests/conformance/store.ts";
import { postgresBackend, postgresMissing } from "./backends.ts";

const missing = await postgresMissing();
if (missing === null) describeStore(postgresBackend);
else it.skip(`store on postgres: ${missing}`, () => {});
