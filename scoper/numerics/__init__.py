"""Exact solvers, tabular Q-learning and statistics: arrays in, frozen results out. No files, no clock, no printing."""
