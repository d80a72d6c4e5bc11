"""`python -m scoper` is the command `scoper`."""

from scoper.interfaces.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
