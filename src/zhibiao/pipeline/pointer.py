"""The file ``current`` of a folder of models: which of them is in use."""

from __future__ import annotations

import json
from pathlib import Path

from zhibiao.core.errors import CheckpointError

MODEL_KEY = "model"


def model_folder(path: Path) -> Path:
    """``path`` itself, or, where it is a file, the folder of the exported model that the file points to.

    A pointer is a JSON object that names the folder, relative to its own place, under ``model``. A file and no symbolic
    link: it is replaced in one step and survives copying and archiving on every system. Raises CheckpointError for a
    file that is no pointer, or points to nothing.
    """
    if not path.is_file():
        return path
    try:
        folder: Path = path.parent / json.loads(path.read_text(encoding="utf-8"))[MODEL_KEY]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path}: a folder of a model, or a JSON file such as {{{MODEL_KEY!r}: 'models/NAME'}}, is expected: "
            f"{type(error).__name__}: {error}"
        ) from error
    if not folder.is_dir():
        raise CheckpointError(f"{path} points to {folder}, which is not there; name another model in it")
    return folder
