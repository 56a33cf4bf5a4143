"""The command line: results on standard output, progress and faults on standard error, 0 done, 2 wrong use or input."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace

from groundwork.errors import InputFault


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is returned."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.command(options))
    except InputFault as fault:
        print(str(fault), file=sys.stderr)
        return 2
    except Exception as error:
        if options.debug:
            raise
        print(f"internal error: {type(error).__name__}: {error} (run again with --debug for more)", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="groundwork", description="Models first, or the infrastructure under them?")
    parser.add_argument("--debug", action="store_true", help="show where an internal error came from")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    run = commands.add_parser("run", help="work out the verdict of a profile")
    run.add_argument("profile", metavar="PROFILE")
    run.add_argument("--set", dest="settings", metavar="PATH=VALUE", action="append", default=[])
    run.add_argument("--preset", dest="presets", metavar="NAME", action="append", default=[], help="early_research, small, ...")
    run.add_argument("--strategy", dest="strategies", metavar="NAME", action="append", default=[])
    run.add_argument("--months", type=int)
    run.add_argument("--samples", type=int, default=1024)
    run.add_argument("--seed", type=int)
    run.add_argument("--json", action="store_true", help="print the whole document")
    run.add_argument(
        "--good-evidence", action="store_true", help="numbers of grade C or D keep their range and lose their most likely value"
    )
    run.set_defaults(command=_run)
    profiles = commands.add_parser("profiles", help="list the profiles")
    profiles.set_defaults(command=_profiles)
    app = commands.add_parser("app", help="open the workbook")
    app.add_argument("--port", type=int)
    app.set_defaults(command=_app)
    check = commands.add_parser("check", help="predict measured serving points and say how far off we are")
    check.add_argument("measured", metavar="MEASURED.csv")
    check.add_argument("--csv", action="store_true", help="one row for each point")
    check.add_argument("--leave-out", choices=["model", "gpu", "run"], help="refit without what the point shares")
    check.set_defaults(command=_check)
    sweep = commands.add_parser("sweep", help="play a grid of settings, one row for each point and strategy")
    sweep.add_argument("profile", metavar="PROFILE")
    sweep.add_argument("--vary", metavar="PATH=LOW:HIGH:STEPS", action="append", default=[], help="or PATH=VALUE,VALUE")
    sweep.add_argument("--set", dest="settings", metavar="PATH=VALUE", action="append", default=[])
    sweep.add_argument("--samples", type=int, default=1024)
    sweep.add_argument("--seed", type=int)
    sweep.add_argument("--workers", type=int, default=1, help="processes on this machine")
    sweep.add_argument("--scheduler", metavar="URL", help="of a Dask cluster")
    sweep.add_argument("--json", action="store_true", help="print the rows as JSON")
    sweep.add_argument("--csv", action="store_true", help="print the rows as CSV")
    sweep.add_argument("-o", dest="target", metavar="RUNS.parquet", help="or .csv or .json; an interrupted sweep goes on")
    sweep.set_defaults(command=_sweep)
    seek = commands.add_parser("seek", help="the setting of one lever or belief that brings a strategy to a goal")
    seek.add_argument("profile", metavar="PROFILE")
    seek.add_argument("--vary", metavar="PATH=LOW:HIGH", required=True)
    seek.add_argument("--strategy", metavar="NAME", required=True)
    seek.add_argument("--goal", metavar="OUTPUT=VALUE", required=True, help="npv_usd.p50=0, p_best=0.5, lead_usd.mean=0, ...")
    seek.add_argument("--set", dest="settings", metavar="PATH=VALUE", action="append", default=[])
    seek.add_argument("--samples", type=int, default=512)
    seek.add_argument("--seed", type=int)
    seek.add_argument("--json", action="store_true")
    seek.set_defaults(command=_seek)
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("what", nargs="?", choices=["profile"], default="profile")
    schema.set_defaults(command=_schema)
    return parser


def _run(options: argparse.Namespace) -> int:
    from groundwork import profiles, study
    from groundwork.presets import with_presets
    from groundwork.study.runs import on_good_evidence

    scenario = with_presets(profiles.load(options.profile), options.presets)
    scenario = profiles.apply_settings(scenario, options.settings)
    faults = []
    months = scenario.months if options.months is None else options.months
    if not 6 <= months <= 60:
        faults.append(f"--months: 6 to 60; came {months}")
    if not 1 <= options.samples <= 1_048_576:
        faults.append(f"--samples: 1 to 1,048,576; came {options.samples}")
    if options.seed is not None and options.seed < 0:
        faults.append(f"--seed: 0 or more; came {options.seed}")
    unknown = [name for name in options.strategies if name not in scenario.strategies]
    faults += [f"--strategy: no strategy called {name}; there are {', '.join(scenario.strategies)}" for name in unknown]
    if faults:
        raise InputFault("\n".join(faults))
    samples = 1 << (options.samples - 1).bit_length()
    if samples != options.samples:
        print(f"{options.samples} samples rounded up to {samples}", file=sys.stderr)
    chosen = {name: item for name, item in scenario.strategies.items() if not options.strategies or name in options.strategies}
    scenario = replace(scenario, months=months, strategies=chosen)
    if options.good_evidence:
        scenario = on_good_evidence(scenario)
    seed = scenario.seed if options.seed is None else options.seed
    document = study.run(scenario, samples, seed, lambda words: print(words, file=sys.stderr))
    if options.json:
        print(json.dumps(document, ensure_ascii=False, allow_nan=False))
    else:
        print(document["verdict"]["sentence"])
        for name, part in document["strategies"].items():
            npv = part["npv_usd"]
            npv_words = "   ".join(f"{level} {npv[level]:15,.0f}" for level in ("p10", "p50", "p90"))
            print(f"{name:22} best in {100 * part['p_best']:4.0f} of 100   npv {npv_words}")
    return 0


def _sweep(options: argparse.Namespace) -> int:
    import csv
    from pathlib import Path

    from groundwork import profiles, sweep
    from groundwork.errors import Fault

    faults: list[Fault] = []
    scenario = None
    axes: tuple[sweep.Axis, ...] = ()
    try:
        scenario = profiles.apply_settings(profiles.load(options.profile), options.settings)
    except InputFault as fault:
        faults += fault.faults
    try:
        axes = sweep.axes_of(options.vary)
    except InputFault as fault:
        faults += fault.faults
    samples = 1 << (options.samples - 1).bit_length() if options.samples > 0 else 1
    target = Path(options.target) if options.target else None
    if not 1 <= options.samples <= 1_048_576:
        faults.append(Fault(path="--samples", rule="1 to 1,048,576", came=str(options.samples)))
    if options.seed is not None and options.seed < 0:
        faults.append(Fault(path="--seed", rule="0 or more", came=str(options.seed)))
    if options.workers < 1:
        faults.append(Fault(path="--workers", rule="1 or more", came=str(options.workers)))
    if target is not None and target.suffix not in sweep.ENDINGS:
        faults.append(Fault(path="-o", rule="a name that ends in .parquet, .csv or .json", came=target.name))
    if target is not None and not target.absolute().parent.is_dir():
        faults.append(Fault(path="-o", rule="a folder that exists", came=str(target.parent)))
    if target is None and not options.json and not options.csv:
        faults.append(Fault(path="-o", rule="where to write the rows, or --json, or --csv"))
    if options.json and options.csv:
        faults.append(Fault(path="--json", rule="one of --json and --csv"))
    grid = None
    if scenario is not None and axes:
        seed = scenario.seed if options.seed is None else options.seed
        grid = sweep.Sweep(scenario=scenario, axes=axes, samples=samples, seed=seed)
        try:
            sweep.checked(grid)
        except InputFault as fault:
            faults += fault.faults
    if faults or grid is None:
        raise InputFault(faults)
    if samples != options.samples:
        print(f"{options.samples} samples rounded up to {samples}", file=sys.stderr)
    journal = None if target is None else sweep.Journal(target, grid)
    done = [] if journal is None else journal.done()
    if journal is not None:
        journal.begin(done)
    with sweep.executor_of(options.scheduler, options.workers) as executor:
        keep = journal.keep if journal is not None else (lambda rows: None)
        rows = list(sweep.swept(grid, executor, options.workers, done, keep, _counted))
    if target is not None and journal is not None:
        sweep.write(rows, target)
        journal.end()
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, allow_nan=False))
    if options.csv:
        writer = csv.DictWriter(sys.stdout, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return 0


def _counted(number: int, count: int) -> None:
    """Progress on standard error: a line at every twentieth."""
    if number == count or number * 20 // count > (number - 1) * 20 // count:
        print(f"{number:,} of {count:,} points", file=sys.stderr)


def _seek(options: argparse.Namespace) -> int:
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


def _profiles(options: argparse.Namespace) -> int:
    from groundwork import profiles

    for name in profiles.available():
        print(name)
    return 0


def _check(options: argparse.Namespace) -> int:
    import csv
    from math import isfinite
    from pathlib import Path

    from groundwork.intake.calibration import checked_points, read_points, summaries
    from groundwork.intake.local_correction import LEAST_POINTS, local_correction

    answers = checked_points(read_points(Path(options.measured)), options.leave_out)

    def number(value: float) -> str:
        return f"{value:.6g}" if isfinite(value) else ""

    writer = csv.writer(sys.stdout, lineterminator="\n")
    if options.csv:
        writer.writerow(("id", "metric", "expected", "predicted", "p10", "p90", "status", "message"))
        for one in answers:
            numbers = [number(value) for value in (one.expected, one.predicted, one.p10, one.p90)]
            writer.writerow((one.identifier, one.metric, *numbers, one.status, one.message))
        return 0
    writer.writerow(("metric", "n", "median_ape", "p90_ape", "coverage80", "refused", "skipped"))
    for row in summaries(answers):
        errors = [number(value) for value in (row.median_error_percent, row.p90_error_percent, row.coverage_percent)]
        writer.writerow((row.metric, row.points_count, *errors, row.refused_count, row.skipped_count))
    if sum(one.status == "ok" for one in answers) >= LEAST_POINTS:
        local = local_correction(answers)
        said = f"a step takes {local.pace_factor:.2f} x what we say, a first token {local.first_factor:.2f} x"
        print(f"groundwork: from these {local.points_count} points a local correction would be: {said}", file=sys.stderr)
    return 0


def _schema(options: argparse.Namespace) -> int:
    from groundwork import profiles

    print(json.dumps(profiles.schema(), indent=2, sort_keys=True))
    return 0


def _app(options: argparse.Namespace) -> int:
    from groundwork.app.launch import serve

    return serve(options.port)
