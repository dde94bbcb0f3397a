"""Keys of endpoints: taken from the environment or the keyring when needed, never shown and never written."""

from __future__ import annotations

import os
import re
from importlib.util import find_spec

from formulate.llm.errors import CredentialsError

KEYRING_SERVICE = "formulate"
_LOOKS_LIKE_KEY = re.compile(r"\b(?:sk|pk|key|gsk|xai|AIza|hf|nvapi)[-_][A-Za-z0-9_*.\-]{6,}|\bAIza[A-Za-z0-9_\-]{20,}")
_BEARER = re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=\-]{6,}")


class Secret:
    """A key that does not print itself: `reveal()` is the only way to its text. It refuses to be pickled."""

    __slots__ = ("__text",)

    def __init__(self, text: str) -> None:
        self.__text = text

    def reveal(self) -> str:
        """The key itself, for the one call that needs it."""
        return self.__text

    def __repr__(self) -> str:
        return "Secret(...)"

    __str__ = __repr__

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key is never written")


def key_for(provider: str, variable: str, required: bool) -> Secret:
    """The key from the environment variable, else from the keyring's service `formulate` under the provider's name.

    Raises CredentialsError where one is required and none is found. An endpoint that needs none gets a filler,
    since the SDK insists on one.
    """
    found = os.environ.get(variable, "").strip() if variable else ""
    if not found:
        found = _from_keyring(provider)
    if found:
        if not found.isascii() or any(c.isspace() for c in found):
            raise CredentialsError(
                f"the key for {provider} holds characters that no key has", place=variable,
                remedy="set it again without quotes, spaces and line breaks",
            )
        return Secret(found)
    if required:
        raise CredentialsError(
            f"no key for {provider}", place=variable,
            remedy=f"set {variable}, or store it once with `keyring set {KEYRING_SERVICE} {provider}` "
            "(pip install keyring)",
        )
    return Secret("none")


def key_known(provider: str, variable: str) -> bool:
    """Whether the environment or the keyring holds a key; which one it is stays there."""
    return bool((variable and os.environ.get(variable, "").strip()) or _from_keyring(provider))


def _from_keyring(provider: str) -> str:
    if find_spec("keyring") is None:
        return ""
    import keyring
    from keyring.errors import KeyringError

    try:
        return (keyring.get_password(KEYRING_SERVICE, provider) or "").strip()
    except KeyringError:  # no keyring on this machine: the same as an empty one, and the remedy names both ways
        return ""


def without_key(text: str, secret: Secret) -> str:
    """The text without this key, and otherwise as it is; keys of under six characters are fillers."""
    key = secret.reveal()
    return text.replace(key, "[key]") if len(key) >= 6 else text


def redacted(text: str, *secrets: Secret) -> str:
    """The text without the keys, whole or as endpoints echo them (`sk-abc***xyz`, `Bearer ...`)."""
    for secret in secrets:
        text = without_key(text, secret)
    return _BEARER.sub(r"\1[key]", _LOOKS_LIKE_KEY.sub("[key]", text))
