"""reset_signature: reset takes no seed."""

from walk import Walk


class Env(Walk):
    def reset(self):
        return super().reset()
