# Case: @TITLE@
"""Who gets which option: the same person always the same one, in fixed shares. Run: python assign.py person-17

The digest of test name and person is spread evenly over 0..1; a new TEST draws anew.
"""

import hashlib
import sys

# TODO: the name of your test, and your options with their shares.
TEST = "first test"
SHARES = {"today": 0.5, "other": 0.5}


def assigned(person, test=TEST):
    """(option, its propensity)."""
    digest = hashlib.sha256(f"{test}/{person}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") / 2**64
    for option, share in SHARES.items():
        place -= share
        if place < 0:
            return option, share
    return option, share


if __name__ == "__main__":
    sys.stdout.write("{} {}\n".format(*assigned(sys.argv[1])))
