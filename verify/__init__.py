"""Floor 2: evidence that a formulation is right, and the reading of problem texts."""
