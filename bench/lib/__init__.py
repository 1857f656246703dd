"""What the benchmarks are made of. Their processes are those of the integration tests: here is where to find these."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tests" / "integration"))
