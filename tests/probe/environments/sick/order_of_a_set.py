"""seed_not_reproducible: the start hangs on the order of a set of words, which is another in every process."""

from walk import Walk

WINDS = {f"wind {number}" for number in range(40)}


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place = next(place for place, wind in enumerate(WINDS) if wind == "wind 0") % 11
        return self.seen(), {}
