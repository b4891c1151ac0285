import { roles } from "#src/approval/role.ts";
import { testBot, type OpenBot } from "#tests/conformance/bot.ts";
import type { RecordedRun } from "#tests/fixtures/recorded-run.ts";
import { openServedBot } from "./open-served-bot.ts";
import { wordsOf } from "./people-in-thread.ts";

/** Markdown's escapes taken off, as people see it. */
const seen = (text: string) => text.replaceAll(/\\([^A-Za-z0-9\s])/g, "$1");

async function open({ home }: RecordedRun): Promise<OpenBot> {
  const { people, close } = await openServedBot({ home });
  return {
    async say(role, text) {
      const answer = await people.say(role, text);
      return { text: seen(answer.content), hasPicture: answer.files.some(({ name }) => name.endsWith(".png")) };
    },
    async wish(role, text, button) {
      const answer = await people.say(role, text);
      const label = button === "confirm" ? "Confirm" : "Cancel";
      const card = await people.card(label, { after: answer.id });
      const asked = seen(`${answer.content}\n${wordsOf(card)}`);
      return { asked, answered: seen((await people.click(role, card, label)).content) };
    },
    async decide(role, { id }, answer, reason = "") {
      const label = answer === "approve" ? "Approve" : "Reject";
      const card = await people.card(label, { part: `:${id}:` });
      return seen((await people.click(role, card, label, answer === "approve" ? {} : { reason })).content);
    },
    close,
  };
}

testBot("the Discord bot", { open, roles });
