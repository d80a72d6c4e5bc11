"""No test has a deadline by the clock: how long an example takes says more about the machine than about scoper.

A property is tried on a fraction of its examples where the slow tests are left out (`make check`), on all of them
otherwise (`make test`).
"""

import pytest
from hypothesis import settings

settings.register_profile("scoper", deadline=None)
settings.load_profile("scoper")

QUICK = 4
"""One example in so many is tried in a quick run."""
LEAST = 10
_KEPT = "_hypothesis_internal_use_settings"  # where `@settings` keeps them: there is no other way to change them


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.markexpr.startswith("not slow"):
        return
    tests = {item.obj for item in items if isinstance(item, pytest.Function)}
    for test in tests:
        own = getattr(test, _KEPT, None)
        if isinstance(own, settings) and own.max_examples > LEAST:
            setattr(test, _KEPT, settings(own, max_examples=max(LEAST, own.max_examples // QUICK)))
