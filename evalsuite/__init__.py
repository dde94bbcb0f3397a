"""Floor 4: measuring formulators on benchmarks."""
