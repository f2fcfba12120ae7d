"""Who may ask: one secret, as a bearer token or as the password of basic authentication."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

CHALLENGE = 'Bearer realm="zhibiao", Basic realm="zhibiao", charset="UTF-8"'


def is_authorised(header: str | None, token: str) -> bool:
    """Whether the value of an Authorization header carries ``token``.

    Basic is what Label Studio can send; the user's name does not matter. Takes the same time for every wrong secret.
    """
    scheme, _, credentials = (header or "").strip().partition(" ")
    match scheme.lower():
        case "bearer":
            given = credentials.strip().encode("utf-8", "surrogateescape")
        case "basic":
            given = _password(credentials.strip())
        case _:
            return False
    # Digests, because compare_digest tells the length of what it compares.
    return hmac.compare_digest(hashlib.sha256(given).digest(), hashlib.sha256(token.encode()).digest())


def _password(credentials: str) -> bytes:
    try:
        decoded = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return decoded.partition(b":")[2]
