"""The pipelines whose effects `docs/tiny-world.md` publishes and the slow tests hold, measured world by world."""

from dataclasses import dataclass
from pathlib import Path
from statistics import mean

from .laboratory import SFT_STEPS, Laboratory, Scores

SKILLS = ["math", "trivia", "common"]
SKILL_SETS = ["math", "math_noisy", "math_words", "trivia", "trivia_noisy", "common", "common_name"]
TOOL_TASKS = ["instr", "tool"]
TOOL_SETS = ["instr", "tool_brace", "tool_fixed"]
DENSITIES = [0.5, 0.8]


@dataclass(frozen=True)
class Effect:
    """What one pipeline reached in one world, on one split."""

    pipeline: str
    scores: Scores

    @property
    def mean(self) -> float:
        return mean(self.scores.values())


def three_skills(laboratory: Laboratory, split: str) -> list[Effect]:
    """Experiment 1. Data sets and order matter most; a merge adds a little; all data at once is worse than some."""
    base = laboratory.start("S/base")
    effects: list[Effect] = []

    def see(pipeline: str, model: Path) -> Path:
        effects.append(Effect(pipeline, laboratory.scores(model, SKILLS, split)))
        return model

    see("base", base)
    single = {name: see(f"SFT {name}", laboratory.sft(base, name)) for name in SKILL_SETS}
    see("SFT all", laboratory.sft(base, SKILL_SETS))
    see("SFT all, 4x steps", laboratory.sft(base, SKILL_SETS, 4 * SFT_STEPS))
    see("TIES grid", _best_ties(laboratory, base, single))
    see("math > math_noisy", laboratory.sft(single["math"], "math_noisy"))
    see("math_noisy > math", laboratory.sft(single["math_noisy"], "math"))
    see("math > trivia > common", laboratory.sft(laboratory.sft(single["math"], "trivia"), "common"))
    see("common > trivia > math", laboratory.sft(laboratory.sft(single["common"], "trivia"), "math"))
    see("math, trivia and common, 4x steps", laboratory.sft(base, SKILLS, 4 * SFT_STEPS))
    see("DPO pref_math", laboratory.dpo(base, "pref_math", 40))
    see("DPO pref_format", laboratory.dpo(base, "pref_format", 40))
    merged = laboratory.ties(base, [laboratory.sft(single["math_noisy"], "common"), single["trivia"]], 0.8)
    see("TIES(math_noisy > common, trivia)", merged)
    see("TIES(math_noisy > common, trivia) > math", laboratory.sft(merged, "math"))
    return effects


def _best_ties(laboratory: Laboratory, base: Path, single: dict[str, Path]) -> Path:
    """As a run's baseline: TIES of all single SFTs and of the best three; the best of them on `search`."""

    def on_search(model: Path) -> float:
        return mean(laboratory.scores(model, SKILLS, "search").values())

    ranked = sorted(single.values(), key=on_search, reverse=True)
    grid = [laboratory.ties(base, ranked[:count], density) for count in (len(ranked), 3) for density in DENSITIES]
    return max(grid, key=on_search)


def tool_use(laboratory: Laboratory, split: str) -> list[Effect]:
    """Experiment 2. Three steps are needed, and none of them shows progress on both tasks by itself."""
    instruct = laboratory.start("S/instruct")
    effects: list[Effect] = []

    def see(pipeline: str, model: Path) -> Path:
        effects.append(Effect(pipeline, laboratory.scores(model, TOOL_TASKS, split)))
        return model

    see("instruct", instruct)
    single = {name: see(f"SFT {name}", laboratory.sft(instruct, name)) for name in TOOL_SETS}
    everything = see("SFT all", laboratory.sft(instruct, TOOL_SETS))
    see("SFT all, 4x steps", laboratory.sft(instruct, TOOL_SETS, 4 * SFT_STEPS))
    see("tool_brace > tool_fixed", laboratory.sft(single["tool_brace"], "tool_fixed"))
    see("tool_fixed > tool_brace", laboratory.sft(single["tool_fixed"], "tool_brace"))
    see("linear(tool_brace, tool_fixed)", laboratory.linear([single["tool_brace"], single["tool_fixed"]]))
    see("DPO pref_tool", laboratory.dpo(instruct, "pref_tool"))
    preferred = see("SFT all > DPO", laboratory.dpo(everything, "pref_tool"))
    see("linear(SFT all > DPO, SFT all)", laboratory.linear([preferred, everything]))
    twice = laboratory.sft(laboratory.dpo(single["instr"], "pref_tool"), "instr", 20)
    see("instr > DPO > instr, 20 steps > DPO, 40 steps", laboratory.dpo(twice, "pref_tool", 40))
    return effects


EXPERIMENTS = {"three-skills": three_skills, "tool-use": tool_use}
