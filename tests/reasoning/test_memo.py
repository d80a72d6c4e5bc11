"""What is kept is made once, stays within its bound, and goes with the pack that holds it."""

import gc
import weakref
from functools import partial

import pytest

from scoper.reasoning.knowledge import Knowledge
from scoper.reasoning.memo import Memo
from scoper.services.library import load_library


def test_a_value_is_made_once_for_its_key() -> None:
    numbers = iter(range(7, 100))
    memo: Memo[int] = Memo()

    assert [memo.get(("a",), lambda: next(numbers)) for _ in range(3)] == [7, 7, 7]
    assert memo.get(("b",), lambda: next(numbers)) == 8


def test_no_more_is_kept_than_the_bound_and_every_value_stays_right() -> None:
    memo: Memo[int] = Memo(most=10)

    assert [memo.get((i,), partial(pow, i, 2)) for i in range(95)] == [i * i for i in range(95)]
    assert 0 < len(memo) <= 10
    assert memo.get((3,), lambda: 9) == 9


@pytest.mark.slow
def test_what_a_pack_keeps_goes_with_the_pack() -> None:
    library = load_library(None)
    pack = library.pack.__class__(**{name: getattr(library.pack, name) for name in library.pack.__dataclass_fields__})
    assert Knowledge(pack, {}).laws
    kept, count = weakref.ref(pack.facet_laws), len(pack.facet_laws)
    del pack
    gc.collect()

    assert count > 0
    assert kept() is None
