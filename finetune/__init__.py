"""Floor 5: training formulators on what data_synth makes, rewarded by verify."""
