import type { Person } from "./person.ts";

/** `discord:1234`: tells people apart whatever they call themselves. */
export function personKey({ platform, id }: Pick<Person, "platform" | "id">): string {
  return `${platform}:${id}`;
}
