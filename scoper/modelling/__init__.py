"""From a spec to arrays and environments, and from foreign tables to arrays. No files, no printing."""
