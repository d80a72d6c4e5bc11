"""Proximal policy optimisation for small networks, all seeds in one batch, in numpy alone.

`settings` says how, `layout` where every parameter stands, `network` the passes forward and backward, `heads` the laws
of actions, `learner` puts them together. Every array has the seed as its first axis, and what a seed learns does not
depend on which others stand beside it. The arithmetic is that of stable-baselines3; stepping environments is not here.
"""
