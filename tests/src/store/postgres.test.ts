import { it } from "vitest";
import { describeStore } from "#tests/conformance/store.ts";
import { createPostgresBackend, postgresMissing } from "./backends.ts";

const missing = await postgresMissing();
if (missing === null) describeStore(createPostgresBackend());
else it.skip(`store on postgres: ${missing}`, () => {});
