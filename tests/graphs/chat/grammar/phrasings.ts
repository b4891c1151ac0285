import type { Intent } from "#graphs/chat/grammar/intent.ts";
import { questionPhrasings } from "./phrasings/questions.ts";
import { viewPhrasings } from "./phrasings/views.ts";
import { wishPhrasings } from "./phrasings/wishes.ts";

/** The likeliest ways to say each thing. */
export const phrasings: Readonly<Record<Intent["kind"], readonly string[]>> = { ...questionPhrasings, ...viewPhrasings, ...wishPhrasings };
