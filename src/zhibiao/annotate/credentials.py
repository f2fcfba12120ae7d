"""Access tokens: read from a file or the environment, and kept out of every message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from zhibiao.core.errors import ConfigError

TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"
_MAX_BYTES = 16_384
_HIDDEN = "***"


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token (JWT) or a legacy token; ``origin`` says where it came from, for messages."""

    value: str = field(repr=False)
    origin: str

    def hide(self, text: str) -> str:
        """``text`` without the token."""
        return text.replace(self.value, _HIDDEN)


def read_token(token_file: Path | None, environment: Mapping[str, str]) -> Token:
    """The token in ``token_file``, or that of the variable LABEL_STUDIO_API_KEY where no file is named.

    Raises ConfigError, which never shows what was read, if there is none or it cannot be a token.
    """
    if token_file is None:
        return _checked(environment.get(TOKEN_VARIABLE, ""), TOKEN_VARIABLE)
    try:
        with token_file.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{token_file}: cannot be read: {error.strerror}; name a file that holds the token") from None
    if len(raw) > _MAX_BYTES:
        raise ConfigError(f"{token_file}: more than {_MAX_BYTES} bytes; a file with nothing but the token is expected")
    return _checked(raw.decode("utf-8-sig", "replace"), str(token_file))


def _checked(given: str, origin: str) -> Token:
    value = given.strip()
    if not value:
        raise ConfigError(
            f"{origin}: no access token; copy one from Label Studio (Account & Settings) into a file for --token-file "
            f"or into the variable {TOKEN_VARIABLE}"
        )
    if not value.isascii() or not value.isprintable() or " " in value:
        raise ConfigError(f"{origin}: this is no access token; one word of ASCII characters is expected")
    return Token(value, origin)
