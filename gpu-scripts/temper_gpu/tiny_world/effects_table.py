"""Writes measured effects as a Markdown table."""

from statistics import mean, stdev

from .effects import Effect


def effects_table(worlds: list[list[Effect]]) -> str:
    """One row for each pipeline: mean over worlds by task, and mean ± sd of the mean over tasks."""
    tasks = list(worlds[0][0].scores)
    lines = [f"| pipeline | {' | '.join(tasks)} | mean of tasks |", "|---" * (len(tasks) + 2) + "|"]
    for place in range(len(worlds[0])):
        effects = [world[place] for world in worlds]
        by_task = [_decimal(mean(effect.scores[task] for effect in effects)) for task in tasks]
        spread = f" ± {_decimal(stdev(effect.mean for effect in effects))}" if len(effects) > 1 else ""
        overall = _decimal(mean(effect.mean for effect in effects)) + spread
        lines.append(f"| {effects[0].pipeline} | {' | '.join(by_task)} | {overall} |")
    return "\n".join(lines)


def _decimal(value: float) -> str:
    return f"{value:.3f}".replace("0.", ".", 1) if value < 1 else f"{value:.2f}"
