import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FakeDiscord, FakeMessage, FakeModal } from "#tests/fake-discord/driver.ts";

/** Takes pictures and keeps the time of a story's chapters. */
export class StoryTeller {
  readonly #discord: FakeDiscord;
  readonly #directory: string;
  readonly #print: (line: string) => void;
  readonly #started = performance.now();
  readonly chapters: { chapter: string; seconds: number }[] = [];

  constructor(discord: FakeDiscord, directory: string, print: (line: string) => void) {
    this.#discord = discord;
    this.#directory = directory;
    this.#print = print;
  }

  get seconds(): number {
    return Math.round((performance.now() - this.#started) / 100) / 10;
  }

  /** A chapter is over; its message is kept as a picture. */
  async chapter(name: string, shown: FakeMessage | FakeModal | null): Promise<void> {
    this.chapters.push({ chapter: name, seconds: this.seconds });
    this.#print(`${String(this.seconds).padStart(6)} s  ${name}`);
    if (shown === null) return;
    const file = `${String(this.chapters.length).padStart(2, "0")}-${name.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase()}.png`;
    writeFileSync(join(this.#directory, file), await this.#discord.picture(shown));
  }

  /** Everything that was said. */
  keepTranscript(): void {
    writeFileSync(join(this.#directory, "transcript.md"), this.#discord.transcript());
  }
}
