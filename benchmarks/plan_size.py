"""Print how many steps the plan of the whole catalogue has on a model, and how long evaluation takes.

Usage: python benchmarks/plan_size.py MODEL...
"""

from __future__ import annotations

import sys
import time

import itsm_ontology as itsm


def main() -> None:
    for name in sys.argv[1:] or ["examples/01-rolling-stock/model.ttl"]:
        model = itsm.load(name)
        itsm.evaluate(model)
        started = time.perf_counter()
        verdicts = itsm.evaluate(model)
        seconds = time.perf_counter() - started
        print(
            f"{name}: {len(model.elements)} elements, {len(verdicts.definitions)} definitions, "
            f"{len(verdicts.plan.steps)} steps, {seconds:.2f} s"
        )


if __name__ == "__main__":
    main()
