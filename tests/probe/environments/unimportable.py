"""An environment whose module cannot be imported."""

import module_that_nobody_has_installed  # noqa: F401
