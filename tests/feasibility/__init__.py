"""Planted reward defects and clean twins, each proven, with the runner that scores the probe on them."""
