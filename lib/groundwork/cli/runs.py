"""One scenario on the command line: its run, and the setting that reaches a goal."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace

from groundwork.errors import InputFault
from groundwork.quantities import Quantity
from groundwork.scenario import Scenario


def run(options: argparse.Namespace) -> int:
    """The run document of a profile, or its verdict in words."""
    from groundwork import profiles, study
    from groundwork.presets import with_presets
    from groundwork.results.assumptions import LEAST_BINS_SAMPLES
    from groundwork.study.runs import on_good_evidence
    from groundwork.study.sure import how_sure

    base = with_presets(profiles.load(options.profile), options.presets)
    scenario = profiles.apply_settings(base, options.settings)
    faults = []
    months = scenario.months if options.months is None else options.months
    if not 6 <= months <= 60:
        faults.append(f"--months: 6 to 60; came {months}")
    if not 1 <= options.samples <= 1_048_576:
        faults.append(f"--samples: 1 to 1,048,576; came {options.samples}")
    if options.sure and options.samples < LEAST_BINS_SAMPLES:
        faults.append(f"--sure: needs --samples {LEAST_BINS_SAMPLES:,} or more; came {options.samples}")
    if options.seed is not None and options.seed < 0:
        faults.append(f"--seed: 0 or more; came {options.seed}")
    unknown = [name for name in options.strategies if name not in scenario.strategies]
    faults += [f"--strategy: no strategy called {name}; there are {', '.join(scenario.strategies)}" for name in unknown]
    if faults:
        raise InputFault("\n".join(faults))
    samples = 1 << (options.samples - 1).bit_length()
    if samples != options.samples:
        print(f"{options.samples} samples rounded up to {samples}", file=sys.stderr)

    def asked(whole: Scenario[Quantity]) -> Scenario[Quantity]:
        chosen = {name: item for name, item in whole.strategies.items() if not options.strategies or name in options.strategies}
        few = replace(whole, months=months, strategies=chosen)
        return on_good_evidence(few) if options.good_evidence else few

    def told(words: str) -> None:
        print(words, file=sys.stderr)

    seed = scenario.seed if options.seed is None else options.seed
    told_events = {} if options.events is None else _events(asked(scenario), samples, seed, options.events)
    document = study.run(asked(scenario), samples, seed, told)
    if options.sure:
        document["how_sure"] = how_sure(asked(scenario), asked(base), samples, seed, told)
    if options.events is not None:
        document["events"] = told_events
    if options.json:
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        print(document["verdict"]["sentence"])
        for name, part in document["strategies"].items():
            npv = part["npv_usd"]
            npv_words = "   ".join(f"{level} {npv[level]:15,.0f}" for level in ("p10", "p50", "p90"))
            print(f"{name:22} best in {100 * part['p_best']:4.0f} of 100   npv {npv_words}")
        for said in document.get("how_sure", {}).get("sentences", []):
            print(said)
        for name, lines in told_events.items():
            print(f"{name} in future {options.events}:", *(lines or ["nothing to speak of"]), sep="\n  ")
    return 0


def _events(scenario: Scenario[Quantity], samples: int, seed: int, future: str) -> dict[str, list[str]]:
    from groundwork.study.runs import told_future

    try:
        return told_future(scenario, samples, seed, future)
    except InputFault as fault:
        raise InputFault(f"--events: {fault}, or middle, poor, good") from None


def seek(options: argparse.Namespace) -> int:
    """The setting of one lever or belief that brings a strategy to a goal."""
    from groundwork import profiles
    from groundwork.errors import Fault
    from groundwork.study.doubts import reached

    faults: list[Fault] = []
    path, low, high = "", 0.0, 0.0
    output, goal = "", 0.0
    try:
        path, said = options.vary.split("=")
        low, high = (float(end) for end in said.split(":"))
        if not low < high:
            raise ValueError
    except ValueError:
        faults.append(Fault(path="--vary", rule="PATH=LOW:HIGH, LOW below HIGH", came=options.vary))
    try:
        output, said = options.goal.split("=")
        goal = float(said)
    except ValueError:
        faults.append(Fault(path="--goal", rule="OUTPUT=VALUE", came=options.goal))
    if options.samples < 2:
        faults.append(Fault(path="--samples", rule="2 or more", came=str(options.samples)))
    scenario = None
    try:
        scenario = profiles.apply_settings(profiles.load(options.profile), options.settings)
        if options.strategy not in scenario.strategies:
            there = ", ".join(scenario.strategies)
            faults.append(Fault(path="--strategy", rule=f"one of {there}", came=options.strategy))
        for end in (low, high) if path else ():
            profiles.apply_settings(scenario, [f"{path}={int(end) if end.is_integer() else end}"])
    except InputFault as fault:
        faults += fault.faults
    if faults or scenario is None:
        raise InputFault(faults)
    seed = scenario.seed if options.seed is None else options.seed
    samples = 1 << (options.samples - 1).bit_length()
    try:
        found = reached(scenario, path, low, high, options.strategy, output, goal, samples, seed)
    except KeyError:
        raise InputFault([Fault(path="--goal", rule="a number of the run document of a strategy", came=output)]) from None
    if options.json:
        answer = {"path": path, "strategy": options.strategy, "output": output, "goal": goal, "reached": found.reached}
        print(json.dumps(answer | {"at": found.at, "outcome": found.outcome, "samples": samples, "seed": seed}))
    else:
        word = "reached at" if found.reached else "not reached; nearest at"
        print(f"{output} of {options.strategy}: {goal:g} is {word} {path} = {found.at:g}, where it is {found.outcome:g}")
    return 0
