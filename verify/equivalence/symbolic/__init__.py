"""Equivalence of formulations for all data: symbols matched, formulas in normal form, a proof that can be checked."""
