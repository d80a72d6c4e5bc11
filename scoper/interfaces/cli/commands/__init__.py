"""One file per command, each with the constant `command`; imported only when that command is called."""
