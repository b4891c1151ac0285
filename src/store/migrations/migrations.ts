import type { Migration } from "kysely/migration";
import type { Store } from "../store.ts";
import { firstTables } from "./0001-first-tables.ts";
import { messagesTable } from "./0002-messages.ts";
import { pinsTable } from "./0003-pins.ts";
import { conductorsTable } from "./0004-conductors.ts";
import { peopleTables } from "./0005-people.ts";
import { approvalMembers } from "./0006-approval-members.ts";
import { answerLengths } from "./0007-answer-lengths.ts";
import { messageGuild } from "./0008-message-guild.ts";
import { messageAnswer } from "./0009-message-answer.ts";
import { commitsTable } from "./0010-commits.ts";

/** Every step of the schema's history, by name; applied in the order of their names and never changed afterwards. */
export function migrations(dialect: Store["dialect"]): Record<string, Migration> {
  return {
    "0001-first-tables": firstTables(dialect),
    "0002-messages": messagesTable(dialect),
    "0003-pins": pinsTable(),
    "0004-conductors": conductorsTable(dialect),
    "0005-people": peopleTables(dialect),
    "0006-approval-members": approvalMembers(),
    "0007-answer-lengths": answerLengths(),
    "0008-message-guild": messageGuild(),
    "0009-message-answer": messageAnswer(),
    "0010-commits": commitsTable(),
  };
}
