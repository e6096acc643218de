"""The benchmarks: `python -m tests.bench` measures the speeds psc promises, each against a floor of the same run."""
