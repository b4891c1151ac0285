import { describeStore } from "#tests/conformance/store.ts";
import { sqliteBackend } from "./backends.ts";

describeStore(sqliteBackend);
