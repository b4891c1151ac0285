/** A file that goes with a message. */
export interface AnswerFile {
  name: string;
  content: Buffer;
}

/** What the bot says to somebody. */
export interface Answer {
  /** Markdown; everything that came from data or people is escaped. May be longer than one message holds. */
  text: string;
  /** Shown in the message when they are pictures. */
  files: AnswerFile[];
  /** A proposal that was made: its card follows. */
  proposal: string | null;
}

/** An answer of words, with files or a proposal where there are some. */
export function answer(text: string, more: Partial<Omit<Answer, "text">> = {}): Answer {
  return { files: [], proposal: null, ...more, text };
}
