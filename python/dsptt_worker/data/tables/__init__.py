"""A user's tables in text files."""
