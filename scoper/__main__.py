"""`python -m scoper` is the command `scoper`."""

from scoper.interfaces.cli.main import run

if __name__ == "__main__":
    run()
