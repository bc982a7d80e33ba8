"""A user's image files, in folders of classes."""
