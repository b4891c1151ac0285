/** A person's standing wish, pinned in memory and honoured from the next decision on. Object ids and action type names as in the run. */
export type DirectiveBody =
  | { kind: "ban"; object?: string; actionType?: string; combination?: { actionType: string; object: string } }
  | { kind: "prefer"; object?: string; actionType?: string }
  | { kind: "weight"; task: string; factor: number }
  /** `from` and `to` are hours of the day in `timeZone` (an IANA name; without it UTC). */
  | { kind: "cap"; deviceHoursPerTrial: number; from?: string; to?: string; timeZone?: string }
  | { kind: "focus"; text: string };

export interface Directive {
  id: number;
  author: string;
  createdAt: string;
  revokedAt: string | null;
  /** The words the person used. */
  text: string;
  body: DirectiveBody;
}
