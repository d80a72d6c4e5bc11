"""Tabular learners over compiled arrays or a stepped environment: plans, two engines of one law, true learning curves.

`plan` says how to learn, `learn` runs it for many seeds, `compiled` and `lockstep` are the two engines, `stepping` does
the same with an environment that can only be stepped. Nothing here imports numba before it is asked to learn.
"""
