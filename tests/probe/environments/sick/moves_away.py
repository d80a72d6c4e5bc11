"""process_changed: reset goes to another folder and stays there."""

import os
import tempfile

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        os.chdir(tempfile.gettempdir())  # HERE
        return super().reset(seed=seed)
