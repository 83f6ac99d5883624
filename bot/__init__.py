"""bot decides: the one door in, handlers, and the pure domain; no SDK, no database driver, no human prose."""
