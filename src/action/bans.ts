import type { Directive } from "../memory/directive.ts";
import type { PoolObject } from "../pool/objects.ts";
import { isOfType, type ActionTypeName } from "./action.ts";

interface Ban {
  actionType: string | null;
  object: string | null;
  /** What the person said, for the refusal. */
  words: string;
}

function banOf(directive: Directive): Ban[] {
  const { body } = directive;
  if (body.kind !== "ban" || directive.revokedAt !== null) return [];
  const words = `${directive.author} said: "${directive.text}"`;
  const bans: Ban[] = [];
  if (body.combination !== undefined) bans.push({ ...body.combination, words });
  if (body.object !== undefined || body.actionType !== undefined) {
    bans.push({ actionType: body.actionType ?? null, object: body.object ?? null, words });
  }
  return bans;
}

/** What people banned, asked by action type and object. An action type and an object named together ban their combination only. */
export class Bans {
  private readonly bans: readonly Ban[];

  constructor(directives: readonly Directive[]) {
    this.bans = directives.flatMap(banOf);
  }

  /** Equal for equal bans: tells whether a space must be built anew. */
  get signature(): string {
    return JSON.stringify(this.bans.map(({ actionType, object }) => [actionType, object]));
  }

  /** Why the whole action type is out, or null. */
  ofType(type: ActionTypeName): string | null {
    return this.bans.find((ban) => ban.object === null && ban.actionType !== null && isOfType(type, ban.actionType))?.words ?? null;
  }

  /** Why an object (by id, or a base by its name) is out for this action type, or null. */
  ofObject(type: ActionTypeName, object: PoolObject): string | null {
    const names = object.kind === "model" ? [object.id, object.name] : [object.id];
    const hit = this.bans.find(
      (ban) => names.includes(ban.object) && (ban.actionType === null || isOfType(type, ban.actionType)) && ban.object !== null,
    );
    return hit?.words ?? null;
  }
}
