"""Code of the user's that a configuration names: its functions, and the modules that belong to it."""
