"""Floor 4: making problems with known formulations."""
