"""The name under which the predictions of a system are kept: the same system has the same name everywhere."""

from __future__ import annotations

import hashlib
from importlib import resources
from pathlib import Path

from zhibiao import __version__
from zhibiao.core.errors import CheckpointError
from zhibiao.pipeline.pointer import model_folder

_HASH_CHARS = 8


def shipped_model() -> Path:
    """The folder of the model that ships with the package."""
    return Path(str(resources.files("zhibiao") / "resources" / "model"))


def rules_version() -> str:
    """``rules-VERSION``, with the version of the package."""
    return f"rules-{__version__}"


def model_version(folder: Path | None = None) -> str:
    """``FOLDER-HASH`` for an exported model, by default the one that ships; the name of a folder that ends so itself.

    ``folder`` may be the pointer to one. Raises CheckpointError if it cannot be read.
    """
    folder = shipped_model() if folder is None else model_folder(folder)
    name, found = folder.resolve().name, model_hash(folder)
    return name if name.endswith(f"-{found}") else f"{name}-{found}"


def model_hash(folder: Path) -> str:
    """The first digits of a hash of all files in ``folder``, hexadecimal. Raises CheckpointError as model_version."""
    digest = hashlib.sha256()
    try:
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            with path.open("rb") as file:
                digest.update(path.name.encode() + hashlib.file_digest(file, "sha256").digest())
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CheckpointError(f"{folder}: cannot be read: {reason}; name the folder of an exported model") from error
    return digest.hexdigest()[:_HASH_CHARS]
