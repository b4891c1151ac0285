"""From rows to token ids: one rendering for training and evaluation, so that a model meets what it was trained on.

With a chat template, strings are rendered as a user's and an assistant's turn. Without one, a completion follows its
prompt after a line break (a space after a colon), unless either already brings white space.
"""

from __future__ import annotations

from typing import Any

Prompt = str | list[dict[str, Any]]
_NAMES = {"user": "User", "assistant": "Assistant", "system": "System", "tool": "Tool"}


def separator(prompt: str, completion: str) -> str:
    """What stands between a plain prompt and its completion."""
    if not prompt or prompt[-1].isspace() or (completion and completion[0].isspace()):
        return ""
    return " " if prompt.endswith(":") else "\n"


def as_messages(prompt: Prompt) -> list[dict[str, Any]]:
    """A prompt as chat messages."""
    return [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt


def as_text(prompt: Prompt) -> str:
    """A prompt as plain text, for tokenizers without a chat template; a single user turn is its own text."""
    if isinstance(prompt, str):
        return prompt
    if len(prompt) == 1:
        return str(prompt[0]["content"])
    turns = [f"{_NAMES.get(turn['role'], turn['role'])}: {turn['content']}" for turn in prompt]
    return "\n".join(turns) + "\nAssistant:"


def _common_prefix(first: list[int], second: list[int]) -> int:
    length = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        length += 1
    return length


class Encoder:
    """Renders prompts and completions with one tokenizer."""

    def __init__(self, tokenizer: Any, chat_template: bool | None = None) -> None:
        """``chat_template``: None uses the template when the tokenizer has one, False never does."""
        self.tokenizer = tokenizer
        self.uses_template = bool(tokenizer.chat_template) and chat_template is not False
        self._eos = str(tokenizer.eos_token)

    def prompts(self, prompts: list[Prompt]) -> list[list[int]]:
        """Token ids of prompts, ready for generation."""
        if not prompts:
            return []
        if self.uses_template:
            return self._chats([as_messages(prompt) for prompt in prompts], add_generation_prompt=True)
        return self._texts([as_text(prompt) for prompt in prompts])

    def pairs(self, prompts: list[Prompt], completions: list[str]) -> list[tuple[list[int], list[int]]]:
        """Token ids of (prompt, completion with its end mark).

        The completion starts where the encoded prompt and the encoded whole part, which can lie within the prompt when
        tokens merge across the border.
        """
        if not prompts:
            return []
        starts = self.prompts(prompts)
        if self.uses_template:
            answers = [{"role": "assistant", "content": completion} for completion in completions]
            chats = [[*as_messages(prompt), answer] for prompt, answer in zip(prompts, answers, strict=True)]
            wholes = self._chats(chats)
        else:
            texts = [as_text(prompt) for prompt in prompts]
            wholes = self._texts(
                [a + separator(a, b) + self._with_end(b) for a, b in zip(texts, completions, strict=True)]
            )
        pairs = []
        for start, whole in zip(starts, wholes, strict=True):
            border = _common_prefix(start, whole)
            pairs.append((whole[:border], whole[border:]))
        return pairs

    def conversations(self, conversations: list[list[dict[str, Any]]]) -> list[tuple[list[int], list[int]]]:
        """Token ids and labels of whole conversations; labels are −100 outside the assistant's turns."""
        if not self.uses_template:
            return [self._plain_conversation(messages) for messages in conversations]
        turns = [
            (number, messages[:index], str(messages[index]["content"]))
            for number, messages in enumerate(conversations)
            for index, message in enumerate(messages)
            if message["role"] == "assistant"
        ]
        encoded: list[tuple[list[int], list[int]]] = [([], []) for _ in conversations]
        pairs = self.pairs([before for _, before, _ in turns], [answer for _, _, answer in turns])
        for (number, _, _), (prompt, completion) in zip(turns, pairs, strict=True):
            ids, labels = encoded[number]
            # What came before is this turn's prompt: keep the labels of earlier answers, add this one's.
            known = min(len(labels), len(prompt), _common_prefix(ids, prompt))
            labels = labels[:known] + [-100] * (len(prompt) - known) + completion
            encoded[number] = (prompt + completion, labels)
        return encoded

    def _plain_conversation(self, messages: list[dict[str, Any]]) -> tuple[list[int], list[int]]:
        """One exchange is a prompt and its completion; longer conversations are written with the speakers' names."""
        last = messages[-1]
        if len(messages) == 2 and messages[0]["role"] == "user" and last["role"] == "assistant":
            prompt, completion = self.pairs([messages[0]["content"]], [str(last["content"])])[0]
            return prompt + completion, [-100] * len(prompt) + completion
        ids: list[int] = []
        labels: list[int] = []
        for message in messages:
            name = _NAMES.get(message["role"], message["role"])
            start, answer = ("\n" if ids else "") + f"{name}:", f" {message['content']}"
            is_answer = message["role"] == "assistant"
            parts = [(start, False), (self._with_end(answer), True)] if is_answer else [(start + answer, False)]
            for text, is_learnt in parts:
                part = self.tokenizer(text, add_special_tokens=not ids)["input_ids"]
                ids += part
                labels += part if is_learnt else [-100] * len(part)
        return ids, labels

    def decode(self, ids: list[int]) -> str:
        """Text of generated ids without special tokens."""
        return str(self.tokenizer.decode(ids, skip_special_tokens=True)).strip()

    def _with_end(self, completion: str) -> str:
        return completion if completion.endswith(self._eos) else completion + self._eos

    def _texts(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, return_attention_mask=False)["input_ids"]

    def _chats(self, chats: list[list[dict[str, Any]]], add_generation_prompt: bool = False) -> list[list[int]]:
        encoded = self.tokenizer.apply_chat_template(
            chats, tokenize=True, add_generation_prompt=add_generation_prompt, return_dict=True
        )
        return encoded["input_ids"]
