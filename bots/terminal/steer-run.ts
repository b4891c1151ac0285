import { UserInputError } from "#src/errors.ts";
import type { Directive } from "#src/memory/directive.ts";
import { revokeDirective } from "#src/service/revoke-directive.ts";
import { steer } from "#src/service/steer.ts";
import type { Run, Store } from "#src/store/store.ts";
import { localAuthor } from "./author.ts";
import { renderTable } from "./render/table.ts";

interface Request {
  wish: string;
  list: boolean;
  revoke?: string;
}

function renderDirectives(directives: readonly Directive[]): string {
  if (directives.length === 0) return 'No wishes yet. Example: temper steer "prefer gsm8k"';
  return renderTable(
    [{ title: "id", align: "right" }, { title: "wish" }, { title: "by" }, { title: "state" }],
    directives.map(({ id, text, author, revokedAt }) => [String(id), text, author, revokedAt === null ? "holds" : "taken back"]),
  );
}

function wishNumber(id: string): number {
  if (/^\d+$/.test(id)) return Number(id);
  throw new UserInputError(`"${id}" is no number of a wish. See them with: temper steer --list`, { id });
}

/** Adds, lists or takes back wishes of a run; gives what to print, as text and as a value. */
export async function steerRun(store: Store, run: Run, request: Request): Promise<{ text: string; value: unknown }> {
  if (request.revoke !== undefined) {
    await revokeDirective(store, run, { id: wishNumber(request.revoke), author: localAuthor() });
    return { text: `Wish ${request.revoke} no longer holds.`, value: { revoked: Number(request.revoke) } };
  }
  if (request.list) {
    const directives = await store.directives.list(run.id);
    return { text: renderDirectives(directives), value: directives };
  }
  if (request.wish === "")
    throw new UserInputError('Say what the run should do, such as: temper steer "prefer gsm8k". See temper steer --help.');
  const directive = await steer(store, run, { text: request.wish, author: localAuthor() });
  return { text: `Noted as wish ${directive.id} of ${run.name}: it holds from the next decision on.`, value: directive };
}
