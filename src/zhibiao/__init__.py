"""Chinese regional-economy text in, normalised indicator records out, with exact source offsets."""

__version__ = "0.1.0"
