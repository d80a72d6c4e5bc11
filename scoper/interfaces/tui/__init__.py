"""The terminal interface: one file per screen, one value (`session.Session`) that all of them show."""
