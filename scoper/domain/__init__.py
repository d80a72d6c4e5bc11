"""Frozen values that travel between the rooms. No files, no clock, no printing, no randomness."""
