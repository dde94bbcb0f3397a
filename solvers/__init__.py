"""Floor 1: the formulation language, grounding, solver adapters and the one comparison of numbers."""
