"""Recording look-alikes of commercial modelling libraries: programs import them under the genuine names."""
