"""Floor 3: words to formulation. The offline formulator, the pipeline and the command line."""
