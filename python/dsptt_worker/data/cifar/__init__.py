"""CIFAR-10 and CIFAR-100: the official archives, and the excerpt that comes with the package."""
