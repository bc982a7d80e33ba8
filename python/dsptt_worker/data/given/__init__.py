"""A user's arrays: from a function of theirs, or from files of NumPy's."""
