"""Fake credentials, drawn when needed: the source holds none."""

import base64
import random
import string

from retab_mcp.sandbox.records import Json

_LETTERS = string.ascii_letters + string.digits


def _draw(name: str, length: int, alphabet: str = _LETTERS) -> str:
    return "".join(random.Random(f"fake {name}").choices(alphabet, k=length))


def api_key(name: str) -> str:
    """Return a key of the form that payment providers and Retab's older environments use."""
    return "_".join(("sk", "live", _draw(name, 32)))


def retab_key(name: str) -> str:
    """Return a key of Retab's production environment."""
    return "_".join(("rt", "live", _draw(name, 40)))


def password(name: str) -> str:
    """Return a password without any form of its own: only its key gives it away."""
    return _draw(name, 14)


def cloud_key_id(name: str) -> str:
    """Return an access key id of AWS's form."""
    return "AK" + "IA" + _draw(name, 16, string.ascii_uppercase + "234567")


def web_token(name: str) -> str:
    """Return a JSON Web Token with a random signature."""

    def part(text: str) -> str:
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    return ".".join(
        (part('{"alg":"HS256","typ":"JWT"}'), part(f'{{"sub":"{name}"}}'), _draw(name, 43))
    )


def headers(token: str) -> dict[str, Json]:
    """Return request headers with that bearer token."""
    return {
        "Authorization": " ".join(("Bearer", token)),
        "Content-Type": "application/json",
        "User-Agent": "retab-workflows/1.0",
    }
