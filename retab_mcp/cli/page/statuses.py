"""The sign, the words and the tone of each status, as the picture of a run has them too."""

from retab_mcp.cli.page.parts import Tone

# Each status has a sign and words, so that none depends on its colour. The signs are those of
# report/assets/words.js.
SIGNS = {
    "completed": "✓",
    "error": "✗",
    "awaiting_review": "◷",
    "running": "▶",
    "queued": "…",
    "pending": "○",
    "skipped": "–",
    "cancelled": "■",
}
WORDS = {"error": "failed", "awaiting_review": "waiting for review"}
TONES = {
    "completed": Tone.GOOD,
    "error": Tone.BAD,
    "awaiting_review": Tone.WARN,
    "cancelled": Tone.WARN,
    "skipped": Tone.DIM,
}
_UNKNOWN_SIGN = "?"


def sign_of(status: str) -> str:
    """Return the sign of a status, "?" for one that is not known."""
    return SIGNS.get(status, _UNKNOWN_SIGN)


def status_in_words(status: str) -> str:
    """Return a status in words: "failed"; one that is not known as it is."""
    return WORDS.get(status, status)
