"""Ids of the API's form, drawn from a name: the same name always gives the same id."""

import random

# The API's ids are a prefix and a nanoid of this length over this alphabet.
NANOID_LENGTH = 21
NANOID_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
# Reviews and their versions are a prefix and base32.
REVIEW_ID_LENGTH = 26
BASE32_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

ARTIFACT_PREFIXES = {
    "extraction": "extr",
    "split": "splt",
    "classification": "clss",
    "parse": "prs",
    "edit": "edt",
    "partition": "prtn",
    "conditional_evaluation": "ceval",
    "review_trigger_evaluation": "heval",
    "while_loop_termination": "wlterm",
    "api_call_invocation": "apiinv",
    "function_invocation": "fninv",
}


def identifier(prefix: str, name: str) -> str:
    """Return an id of the API's form, always the same one for the same name."""
    draw = random.Random(f"{prefix}/{name}")
    return f"{prefix}_{''.join(draw.choices(NANOID_ALPHABET, k=NANOID_LENGTH))}"


def review_identifier(prefix: str, name: str) -> str:
    """Return the id of a review (`rev`) or a review version (`rvr`) of that name."""
    draw = random.Random(f"{prefix}/{name}")
    return f"{prefix}_{''.join(draw.choices(BASE32_ALPHABET, k=REVIEW_ID_LENGTH))}"
