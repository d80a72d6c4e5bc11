"""The terminal interface in a browser on the same machine: textual-serve behind a guard (extra `web`)."""
