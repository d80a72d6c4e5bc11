"""environment_crash: the constructor looks for a file that is not there."""

from walk import Walk


class Env(Walk):
    def __init__(self):
        super().__init__()
        open("/nowhere/at/all.csv")  # HERE
