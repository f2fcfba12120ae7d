"""Chinese regional-economy text in, normalised indicator records out, with exact source offsets."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

# Public names are loaded when they are first used, so that importing the package stays cheap.
_HOME = {
    "Document": "zhibiao.core.records",
    "Record": "zhibiao.core.records",
    "Extraction": "zhibiao.pipeline.extractor",
    "Extractor": "zhibiao.pipeline.extractor",
    "RuleSystem": "zhibiao.rules.system",
    "load_system": "zhibiao.pipeline.onnx_backend",
    "ReadOptions": "zhibiao.io.readers",
    "read_documents": "zhibiao.io.readers",
}
__all__ = [
    "Document",
    "Extraction",
    "Extractor",
    "ReadOptions",
    "Record",
    "RuleSystem",
    "load_system",
    "read_documents",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'zhibiao' has no attribute {name!r}")
