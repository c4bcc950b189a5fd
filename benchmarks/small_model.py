"""Print how long the whole catalogue on a small model takes, end to end, beyond starting Python and importing.

Usage: python benchmarks/small_model.py [MODEL]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

IMPORTS = [sys.executable, "-c", "import itsm_ontology.cli, sqlalchemy"]


def seconds(command: list[str], times: int = 7) -> float:
    """Give the median time of a command."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def main() -> None:
    model = sys.argv[1] if len(sys.argv) > 1 else "examples/01-rolling-stock/model.ttl"
    whole = seconds([sys.executable, "-m", "itsm_ontology", "check", model])
    imports = seconds(IMPORTS)
    print(
        f"{model}: {whole:.2f} s in all, of which {imports:.2f} s to start Python and import; {whole - imports:.2f} s"
    )


if __name__ == "__main__":
    main()
