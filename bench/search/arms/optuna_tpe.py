"""Optuna's TPE over a template of pipelines: one line of JSON in, one line out, until the input ends.

First ``{"seed", "slots", "startup", "multivariate", "types"}`` with a ``{"name", "settings", "datasets", "merges",
"parents"}`` for each type. Then ``{"ask": true}`` is answered with ``{"number", "plan": [slot, …]}``, and
``{"tell": number, "value": score}`` with ``{}``. A slot is ``{"type", "setting", "datasets", "restart", "mates"}``: a
training goes on with the last model, or with the base where it restarts; a merge joins the last model with earlier ones
(0 is the base, n what slot n made).
"""

import json
import sys
from typing import Any

import optuna


def draw_slot(trial: optuna.Trial, place: int, types: list[dict[str, Any]]) -> dict[str, Any]:
    """One action of the pipeline; ``place`` counts from 1. The first one trains: there is nothing to merge yet."""
    usable = {kind["name"]: kind for kind in types if place > 1 or not kind["merges"]}
    kind = usable[trial.suggest_categorical(f"type_{place}", list(usable))]
    name = f"{kind['name']}_{place}"
    slot = {"type": kind["name"], "setting": 0, "datasets": [], "restart": False, "mates": []}
    if kind["settings"] > 1:
        slot["setting"] = trial.suggest_categorical(f"setting_{name}", list(range(kind["settings"])))
    if kind["merges"]:
        mates = trial.suggest_int(f"mates_{name}", 1, kind["parents"] - 1) if kind["parents"] > 2 else 1
        slot["mates"] = sorted(
            {trial.suggest_categorical(f"mate{other}_{name}", list(range(place - 1))) for other in range(1, mates + 1)}
        )
        return slot
    mixed = trial.suggest_int(f"mixed_{name}", 1, kind["parents"]) if kind["parents"] > 1 else 1
    slot["datasets"] = sorted(
        {trial.suggest_categorical(f"data{other}_{name}", kind["datasets"]) for other in range(1, mixed + 1)}
    )
    if place > 1:
        slot["restart"] = trial.suggest_categorical(f"restart_{name}", [False, True])
    return slot


def answer(study: optuna.Study, space: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """What one line asks for."""
    if "tell" in request:
        study.tell(request["tell"], request["value"])
        return {}
    trial = study.ask()
    length = trial.suggest_int("length", 1, space["slots"])
    return {"number": trial.number, "plan": [draw_slot(trial, place, space["types"]) for place in range(1, length + 1)]}


def main() -> None:
    """Reads the space, then answers line by line."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    space = json.loads(sys.stdin.readline())
    sampler = optuna.samplers.TPESampler(
        seed=space["seed"],
        n_startup_trials=space["startup"],
        multivariate=space["multivariate"],
        group=space["multivariate"],
        warn_independent_sampling=False,
    )
    study = optuna.create_study(direction="maximize", sampler=sampler)
    for line in sys.stdin:
        print(json.dumps(answer(study, space, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
