"""How long one prediction in a vectorised call and one full search take: the whole catalogue x precisions x tensor parallelism.

    python tests/benchmarks/serving_speed.py

Prints the least processor time of several repeats; the first search, which reads the catalogue, by itself.
"""

from __future__ import annotations

import time

import numpy as np

from groundwork.catalogue.serving_records import Setup
from groundwork.catalogue.serving_terms import served
from groundwork.formulas.serving import replica_capacity
from groundwork.strategy.served_copy import Promise, Traffic
from groundwork.strategy.serving_search import catalogue_accelerators, fewest_accelerators

CHAT = Traffic(
    requests_per_second=20.0,
    input_tokens=1154.7,
    output_tokens=211.1,
    input_cv_ratio=0.96,
    output_cv_ratio=0.771,
    reused_ratio=0.2,
)
PROMISE = Promise(ttft_limit_ms=2000.0, tpot_limit_ms=50.0, copy_availability_ratio=0.9995)
POINTS, REPEATS = 1024, 9


def milliseconds(work: object) -> list[float]:
    """Processor time of each repeat."""
    assert callable(work)
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        work()
        spent.append(1e3 * (time.process_time() - start))
    return spent


def main() -> None:
    """One line for predictions, one for each model searched."""
    replica, terms = served(
        Setup(model="Llama-3.1-8B", accelerator="H100", precision="fp8", accelerators_count=1, parallel="TP1", engine="vllm")
    )
    lengths = np.linspace(100.0, 4000.0, POINTS)

    def predictions() -> None:
        replica_capacity(replica, terms, input_tokens=lengths, output_tokens=200.0, ttft_limit_ms=2000.0, tpot_limit_ms=50.0)

    print(
        f"prediction of capacity within limits: {1e3 * min(milliseconds(predictions)) / POINTS:.1f} us each, {POINTS} in a call"
    )
    accelerators = catalogue_accelerators()
    for model in ("Llama-3.1-8B", "Llama-3.1-70B / 3.3-70B", "DeepSeek-V3 / R1"):

        def search(model: str = model) -> None:
            fewest_accelerators(model, CHAT, PROMISE, accelerators=accelerators)

        spent = milliseconds(search)
        print(f"search {model}: {min(spent):.1f} ms, the first {spent[0]:.0f} ms, {len(accelerators)} accelerators")


if __name__ == "__main__":
    main()
