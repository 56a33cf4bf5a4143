"""Many scenarios on the command line: a grid of settings, a row for each point and strategy."""

from __future__ import annotations

import argparse
import json
import sys

from groundwork.errors import InputFault


def sweep(options: argparse.Namespace) -> int:
    """Play the grid and write its rows."""
    import csv
    from pathlib import Path

    from groundwork import profiles
    from groundwork import sweep as many
    from groundwork.errors import Fault

    faults: list[Fault] = []
    scenario = None
    axes: tuple[many.Axis, ...] = ()
    try:
        scenario = profiles.apply_settings(profiles.load(options.profile), options.settings)
    except InputFault as fault:
        faults += fault.faults
    try:
        axes = many.axes_of(options.vary)
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
    if target is not None and target.suffix not in many.ENDINGS:
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
        grid = many.Sweep(scenario=scenario, axes=axes, samples=samples, seed=seed)
        try:
            many.checked(grid)
        except InputFault as fault:
            faults += fault.faults
    if faults or grid is None:
        raise InputFault(faults)
    if samples != options.samples:
        print(f"{options.samples} samples rounded up to {samples}", file=sys.stderr)
    journal = None if target is None else many.Journal(target, grid)
    done = [] if journal is None else journal.done()
    if journal is not None:
        journal.begin(done)
    try:
        with many.executor_of(options.scheduler, options.workers) as executor:
            keep = journal.keep if journal is not None else (lambda rows: None)
            rows = list(many.swept(grid, executor, options.workers, done, keep, _counted))
    except KeyboardInterrupt:
        if journal is not None:
            print(f"{journal.path.name} keeps what is done; the same command goes on from there", file=sys.stderr)
        raise
    if target is not None and journal is not None:
        many.write(rows, target)
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
