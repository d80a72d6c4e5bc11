"""handle_leak: every reset opens a file and none closes it."""

import os

from walk import Walk


class Env(Walk):
    files = ()

    def reset(self, *, seed=None, options=None):
        self.files = (*self.files[-400:], os.open(os.devnull, os.O_RDONLY)) if len(self.files) < 400 else self.files
        return super().reset(seed=seed)
