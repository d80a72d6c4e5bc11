"""handle_leak: every reset starts a thread that waits for ever."""

import threading

from walk import Walk


class Env(Walk):
    def reset(self, *, seed=None, options=None):
        threading.Thread(target=threading.Event().wait, daemon=True).start()  # HERE
        return super().reset(seed=seed)
