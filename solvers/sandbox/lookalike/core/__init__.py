"""What the look-alikes share: variables, expressions, rows, and the way from them to a `solvers.Model` and back.

Nothing here speaks of one library: `gurobipy` and `coptpy` subclass these types and add their own names, attributes
and errors. Nothing heavier than numpy is imported before a model is built.
"""
