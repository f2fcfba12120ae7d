"""The errors a user can meet; each says what, where, expected and got, and what to do next."""


class ZhibiaoError(Exception):
    """Root of every error that this package raises on purpose."""


class ConfigError(ZhibiaoError):
    """A configuration file or option is wrong (the user's to mend)."""


class SchemaError(ConfigError):
    """``schema.yaml`` contradicts itself or lacks a part."""


class InputError(ZhibiaoError):
    """A file, line or document cannot be read; the batch goes on without it."""


class AnnotationError(ZhibiaoError):
    """An annotated paragraph breaks the schema or its own offsets."""


class AlignmentError(ZhibiaoError):
    """A span cannot be carried between raw and normalised text without changing what it covers."""


class CheckpointError(ZhibiaoError):
    """A model folder is missing a part, damaged, or made for another schema."""


class ExportError(ZhibiaoError):
    """An exported model does not compute what the checkpoint does."""


class ServerError(ZhibiaoError):
    """An annotation server cannot be reached, refuses a request or answers something that was not expected."""
