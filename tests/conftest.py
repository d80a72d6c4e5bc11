"""No test has a deadline by the clock: how long an example takes says more about the machine than about scoper."""

from hypothesis import settings

settings.register_profile("scoper", deadline=None)
settings.load_profile("scoper")
