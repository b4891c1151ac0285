import type { Chat, ChatReply } from "#graphs/chat/chat.ts";
import { parseMessage } from "#graphs/chat/grammar/parse-message.ts";
import type { Person } from "#src/approval/person.ts";
import { mayDecide } from "#src/approval/role.ts";
import { proposalCard } from "#src/card/proposal-card.ts";
import { UserInputError } from "#src/errors.ts";
import { decideProposal } from "#src/proposal/decide-proposal.ts";
import type { Store } from "#src/store/store.ts";
import { askApprovals } from "../approval/ask-approvals.ts";
import type { Terminal } from "../terminal.ts";
import { renderProposal } from "./render-proposal.ts";
import { renderChatText } from "./render-chat-text.ts";
import { savePicture } from "./save-picture.ts";

interface SessionOptions {
  terminal: Terminal;
  store: Store;
  home: string;
  chat: Chat;
  person: Person;
  runId: string | null;
  /** One JSON object a reply, for programs. */
  isJson: boolean;
}

const isLeaving = (text: string) => /^(?:quit|exit|bye|:q)$/i.test(text.trim());

/** A conversation at the terminal: what is said is answered, pictures are saved, cards are answered by key. */
export class ChatSession {
  readonly #options: SessionOptions;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Says one thing and shows the reply. False when the message was not understood. */
  async say(text: string): Promise<boolean> {
    const { chat, person, runId, terminal, home, isJson } = this.#options;
    const reply = await chat.reply({ thread: `chat:terminal:${runId ?? "home"}`, person, text, runId, replyTo: null });
    const picture = reply.picture === null ? null : await savePicture(home, reply.picture, terminal.now());
    if (isJson) {
      terminal.out(`${JSON.stringify({ ...reply, picture })}\n`);
      return reply.understood;
    }
    this.#show(reply, picture);
    if (terminal.isInteractive && reply.proposal !== null) await this.#askProposal(reply.proposal);
    if (terminal.isInteractive && this.#isAboutApprovals(text)) await this.#askApprovals();
    return reply.understood;
  }

  /** Talks until the person leaves. */
  async talk(): Promise<void> {
    const { terminal } = this.#options;
    terminal.out("Ask or wish; `help` says what can be said, Ctrl-D leaves.\n");
    for (;;) {
      const text = await terminal.ask("you> ");
      if (text === null || isLeaving(text)) return;
      if (text !== "") await this.say(text);
    }
  }

  #show({ text, suggestions }: ChatReply, picture: string | null): void {
    const { terminal } = this.#options;
    const lines = [renderChatText(text, { isStyled: terminal.isInteractive && terminal.env["NO_COLOR"] === undefined })];
    if (picture !== null) lines.push(`Picture  ${picture}`);
    if (terminal.isInteractive && suggestions.length > 0) lines.push(`Ask      ${suggestions.join(" · ")}`);
    terminal.out(`${lines.join("\n")}\n`);
  }

  #isAboutApprovals(text: string): boolean {
    const kind = parseMessage(text)?.kind;
    return kind === "waiting" || kind === "decide";
  }

  async #askProposal(id: string): Promise<void> {
    const { terminal, store, person } = this.#options;
    const proposal = await store.proposals.find(id);
    if (proposal === null) return;
    const run = proposal.runId === null ? null : await store.runs.find(proposal.runId);
    terminal.out(renderProposal(proposalCard(proposal, run)));
    const answer = (await terminal.ask(`  ${id}  [y] confirm  [n] cancel  [Enter] later: `))?.toLowerCase() ?? "";
    if (!/^(?:y|yes|n|no)$/.test(answer)) return;
    try {
      const decided = await decideProposal(store, {
        id,
        to: answer.startsWith("y") ? "confirmed" : "cancelled",
        person,
        now: terminal.now(),
      });
      terminal.out(`  ${decided.state === "confirmed" ? "Confirmed" : "Cancelled"}: ${decided.outcome ?? "done"}.\n`);
    } catch (error) {
      if (!(error instanceof UserInputError)) throw error;
      terminal.out(`  ${error.message}\n`);
    }
  }

  async #askApprovals(): Promise<void> {
    const { terminal, store, runId, person } = this.#options;
    const run = runId === null ? null : await store.runs.find(runId);
    if (run !== null && mayDecide(person.role))
      await askApprovals(terminal, store, run, await store.approvals.list(run.id, "pending"), person.role);
  }
}
