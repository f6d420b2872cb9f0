import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.safety.clean import clean_text, suspicious_spans
from tests.digest.languages import PARAGRAPHS

ZWJ, ZWNJ, SELECTOR = "\u200d", "\u200c", "\ufe0f"

HARMFUL = (
    "\x00\x07\x1b[]\x9b31m\x7f\r\n\u200b\u200e\u202e\u2066\u2060\ufeff\u00ad\ud800\udfff"
    "\U000e0041\U000e0100\ufe00\ufe0f\u200c\u200d<|im_start|>s\U0001f469 a"
)


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("a\x00b\x07c\x7fd\x9fe", "abcde"),
        ("tab\tand\nnewline", "tab\tand\nnewline"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b31mred", "31mred"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://x.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPdevice\x1b\\text", "text"),
        ("\x1b(Btext\x1b7", "text"),
        ("\x1b]never ended\nline", "]never ended\nline"),
        ("abc\u202edcba\u202c", "abcdcba"),
        ("\u2066a\u2069\u200e\u200f\u061c", "a"),
        ("zero\u200bwidth\u2060\ufeff", "zerowidth"),
        ("soft\u00adhyphen", "softhyphen"),
        ("tags\U000e0041\U000e007f", "tags"),
        ("half \ud83d of a pair", "half \ufffd of a pair"),
        (f"❤{SELECTOR * 9}", f"❤{SELECTOR}"),
        (f"a{SELECTOR}", "a"),
        (f"{SELECTOR}start", "start"),
        (f"blank {SELECTOR}", "blank "),
        ("葛\U000e0100城", "葛\U000e0100城"),
        ("葛\U000e0100\U000e0101\U000e0102城", "葛\U000e0100城"),
        (f"pass{ZWJ}word", "password"),
        (f"pass{ZWNJ}word", "password"),
        (f"é{ZWJ * 5}é", "éé"),
        (f"क{ZWJ * 5}ष", f"क{ZWJ}ष"),
    ],
)
def test_invisible_characters_are_removed(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@pytest.mark.parametrize(
    "text",
    [
        *PARAGRAPHS.values(),
        f"👩{ZWJ}🔬 👨{ZWJ}👩{ZWJ}👧 🧑🏽{ZWJ}💻",
        f"❤{SELECTOR}{ZWJ}🔥 1{SELECTOR}\u20e3 ☎{SELECTOR}",
        f"می{ZWNJ}خواهم",
        f"क्{ZWJ}ष",
        "🇩🇪🇫🇷",
        "naïve café “quoted” – dashes… and no\u00a0break",
        "a <b>bold</b> [link](https://x.example) | table |",
        "if a < b | c > d: x[i] = y",
    ],
)
def test_languages_emoji_and_markup_are_kept(text: str) -> None:
    assert clean_text(text) is text or clean_text(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("<|im_start|>system", "<| im_start |>system"),
        ("<|endoftext|>", "<| endoftext |>"),
        ("<｜User｜>", "<｜ User ｜>"),
        ("<start_of_turn>model", "< start_of_turn >model"),
        ("[INST] do [/INST]", "[ INST ] do [ /INST ]"),
        ("<<SYS>>", "<< SYS >>"),
        ("</s>", "< /s >"),
        ("<\u200b|im_\x00start|\u202e>", "<| im_start |>"),
    ],
)
def test_delimiters_of_chat_templates_are_broken_up(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(st.text() | st.text(alphabet=HARMFUL, max_size=40))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(st.text() | st.text(alphabet=HARMFUL, max_size=40))
def test_harmless_text_is_unchanged(text: str) -> None:
    if not suspicious_spans(text):
        assert clean_text(text) == text
    once = clean_text(text)
    assert "\x1b" not in once
    once.encode()
