"""The published effects, held with margins: trained, merged and evaluated by the package's general scripts."""

from pathlib import Path
from statistics import mean

import pytest

from temper_gpu.tiny_world.effects import SKILL_SETS, SKILLS, TOOL_SETS, TOOL_TASKS
from temper_gpu.tiny_world.laboratory import Laboratory

pytestmark = pytest.mark.slow

SPLIT = "confirm"


@pytest.mark.parametrize("world", [0, 1])
def test_order_and_choice_of_data_matter(world: int, tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, world)
    base = laboratory.start("S/base")
    math, noisy = laboratory.sft(base, "math"), laboratory.sft(base, "math_noisy")

    def skills(model: Path) -> dict[str, float]:
        return laboratory.scores(model, SKILLS, SPLIT)

    before, after = skills(base), skills(math)
    assert after["math"] - before["math"] >= 0.3
    everything = mean(skills(laboratory.sft(base, SKILL_SETS)).values())
    assert everything <= mean(after.values()) - 0.05
    math_last = mean(skills(laboratory.sft(noisy, "math")).values())
    math_first = mean(skills(laboratory.sft(math, "math_noisy")).values())
    assert math_last >= math_first + 0.05


@pytest.mark.parametrize("world", [0, 1])
def test_tool_use_takes_three_steps(world: int, tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, world)

    def tools(model: Path) -> dict[str, float]:
        return laboratory.scores(model, TOOL_TASKS, SPLIT)

    everything = laboratory.sft(laboratory.start("S/instruct"), TOOL_SETS)
    assert tools(everything)["tool"] <= 0.05
    preferred = laboratory.dpo(everything, "pref_tool")
    merged = tools(laboratory.linear([preferred, everything]))
    assert merged["instr"] >= 0.8
    assert merged["tool"] >= 0.35
    assert merged["instr"] >= tools(preferred)["instr"] + 0.05
