"""scoper: decide which technique a problem calls for, and test whether its reward is feasible."""

__version__ = "0.1.0"
