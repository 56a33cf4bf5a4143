"""The command line: results on standard output, progress and faults on standard error, 0 done, 2 wrong use or input."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence

from groundwork.cli import measured, runs, sweeps
from groundwork.errors import InputFault

PLAYING = (runs.run, runs.seek, sweeps.sweep)  # what plays the chain
STOPPED = 130  # what a shell gives to a command that Ctrl-C ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is returned."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.command in PLAYING:
            _say_if_it_takes_longer()
        status = int(options.command(options))
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # whoever read has read enough; what is still to be written must not fail again when the process ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except InputFault as fault:
        print(str(fault), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return STOPPED
    except Exception as error:
        if options.debug:
            raise
        print(f"internal error: {type(error).__name__}: {error} (run again with --debug for more)", file=sys.stderr)
        return 1


def _say_if_it_takes_longer() -> None:
    from groundwork.app import preparing

    if not preparing.is_prepared():
        print(preparing.NOTICE, file=sys.stderr)


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
    run.add_argument("--sure", action="store_true", help="and everything that the page How sure? shows: rules, flips, map, ...")
    run.add_argument(
        "--events",
        metavar="FUTURE",
        help="and what happened, month by month, in one future: its number, a share such as 25%%, or middle, poor, good",
    )
    run.set_defaults(command=runs.run)
    profiles = commands.add_parser("profiles", help="list the profiles")
    profiles.set_defaults(command=_profiles)
    app = commands.add_parser("app", help="open the workbook")
    app.add_argument("--port", type=int)
    app.set_defaults(command=_app)
    check = commands.add_parser(
        "check",
        help="predict measured serving points and say how far off we are",
        description="One row for each measured figure. Columns: model, precision, gpu, n_gpus, metric, value; for a prediction "
        "also input_len, output_len and concurrency (max where nothing limits the client); where known id, parallel (TP8, "
        "TP8xEP8, DEP8), engine (vllm, trtllm, sglang) and scenario. Metrics: ttft_ms, tpot_ms, output_tokens_per_s_per_gpu. "
        "A row, for example: Llama-3.1-8B,fp8,H100,1,tpot_ms,7.4,1024,256,16. The prediction never looks at value.",
    )
    check.add_argument("measured", metavar="MEASURED.csv")
    check.add_argument("--csv", action="store_true", help="one row for each point")
    check.add_argument("--leave-out", choices=["model", "gpu", "run"], help="refit without what the point shares")
    check.set_defaults(command=measured.check)
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
    sweep.set_defaults(command=sweeps.sweep)
    seek = commands.add_parser("seek", help="the setting of one lever or belief that brings a strategy to a goal")
    seek.add_argument("profile", metavar="PROFILE")
    seek.add_argument("--vary", metavar="PATH=LOW:HIGH", required=True)
    seek.add_argument("--strategy", metavar="NAME", required=True)
    seek.add_argument("--goal", metavar="OUTPUT=VALUE", required=True, help="npv_usd.p50=0, p_best=0.5, lead_usd.mean=0, ...")
    seek.add_argument("--set", dest="settings", metavar="PATH=VALUE", action="append", default=[])
    seek.add_argument("--samples", type=int, default=512)
    seek.add_argument("--seed", type=int)
    seek.add_argument("--json", action="store_true")
    seek.set_defaults(command=runs.seek)
    schema = commands.add_parser("schema", help="print a JSON Schema")
    schema.add_argument("what", nargs="?", choices=["profile"], default="profile")
    schema.set_defaults(command=_schema)
    return parser


def _profiles(options: argparse.Namespace) -> int:
    from groundwork import profiles

    for name in profiles.available():
        print(name)
    return 0


def _schema(options: argparse.Namespace) -> int:
    from groundwork import profiles

    print(json.dumps(profiles.schema(), indent=2, sort_keys=True))
    return 0


def _app(options: argparse.Namespace) -> int:
    from groundwork.app.launch import serve

    return serve(options.port)
