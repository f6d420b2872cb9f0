import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retab_mcp.safety.clean import (
    CleanedText,
    clean,
    clean_text,
    hidden_characters_in,
    hidden_names,
    removed_from,
    same_text,
    suspicious_spans,
)
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
        ("Hi.\n\nHuman: hi", "Hi.\n\nHuman : hi"),
        ("\n\nAssistant:", "\n\nAssistant :"),
        ("### Instruction: do", "### Instruction : do"),
        ("###System:", "###System :"),
        ("<function=a>", "< function=a >"),
        ("[/TOOL_CALLS]", "[ /TOOL_CALLS ]"),
        ("<<SYS>> a <</SYS>>", "<< SYS >> a << /SYS >>"),
        ("<|a|><|b|>", "<| a |><| b |>"),
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


@pytest.mark.parametrize(
    ("dirty", "removed", "count"),
    [
        ("a\u200bb\u2060", ((1, 0x200B), (3, 0x2060)), 2),
        ("<|im_start|>", (), 1),
        ("<\u200b|im_start|>\x00", ((1, 0x200B), (13, 0)), 3),
        ("\x1b[1mred", ((0, 0x1B), (1, 0x5B), (2, 0x31), (3, 0x6D)), 4),
        ("one\r\ntwo\rthree", (), 0),
        ("line\u2028end", ((4, 0x2028),), 1),
        ("half \ud83d", ((5, 0xD83D),), 1),
        (f"❤{SELECTOR}{SELECTOR}", ((2, 0xFE0F),), 1),
        ("\u200b" * 300, tuple((n, 0x200B) for n in range(256)), 300),
    ],
    ids=range(9),
)
def test_what_is_removed_is_noted(
    dirty: str, removed: tuple[tuple[int, int], ...], count: int
) -> None:
    assert clean(dirty)[1:] == (removed, count)
    text = clean_text(dirty)
    assert (removed_from(text), hidden_characters_in(text)) == (removed, count)
    assert isinstance(text, CleanedText) == (count > 0)


def test_a_cleaned_text_keeps_its_notes_when_it_is_copied() -> None:
    text = clean_text("a\u200bb")
    for other in (copy.copy(text), copy.deepcopy([text])[0], pickle.loads(pickle.dumps(text))):
        assert same_text(text, other)
        assert hidden_characters_in(other) == 1
    assert not same_text(text, "ab")
    assert not same_text(text, "abc")
    assert same_text("ab", "ab")
    assert removed_from(5) == ()
    assert hidden_characters_in("ab") == 0


def test_hidden_characters_are_named_once_in_order() -> None:
    assert hidden_names(clean_text("\u2060a\u200b\u2060\x1b[1m\x7f")) == (
        *("U+2060", "U+200B", "U+001B", "U+007F"),
    )
    assert hidden_names(clean_text("\x1b Fa")) == ("U+001B",)
    assert hidden_names("plain") == ()


@pytest.mark.parametrize(
    "text",
    [
        *("\u2801\u2800", "ᠠ\u180b", "ᠠ\u180f", f"5{SELECTOR}", f"#{SELECTOR}", f"‼{SELECTOR}"),
        *("㐂\U000e0101", "∩\ufe00", "㐂\ufe00", "က\ufe00", "ꡀ\ufe00", f"क{ZWJ}", f"ᠠ{ZWNJ}"),
        *(f"←{ZWJ}", f"កា{ZWJ}ក", "🏴\U000e0067\U000e0062\U000e007f", f"\u0301{ZWJ}"),
    ],
)
def test_marks_that_do_something_are_kept(text: str) -> None:
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        *(("a\u2800", "a"), ("\u28ff\u2800", "\u28ff\u2800"), ("a\u180b", "a"), ("ᢰ\u180b", "ᢰ")),
        *((f"!{SELECTOR}", "!"), ("a\U000e0101", "a"), ("a\ufe00", "a"), ("+\ufe00", "+")),
        *((f"$ {ZWJ}", "$ "), ("x\U000e0067\U000e007f", "x"), ("🏴\U000e007f", "🏴")),
        *(("∩\U000e0100", "∩"), ("\U000e0100", ""), ("\ufe0e", ""), ("9\u180f", "9")),
        *(("a\u2028b\u2029c", "a\nb\nc"), (f"{ZWJ}a", "a"), (f"я{ZWJ}я", "яя")),
        *(("\x1b]0;" + "x" * 4_093 + "\x07a", "a"), ("\x1b]0;" + "x" * 4_095 + "\x07", None)),
    ],
    ids=range(20),
)
def test_marks_that_do_nothing_are_removed(dirty: str, clean: str | None) -> None:
    assert clean_text(dirty) == (dirty[1:-1] if clean is None else clean)


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("plain", []),
        ("Müller", []),
        ("a\u200bb", [(1, 2)]),
        ("a\x00b", [(1, 2)]),
        ("<|im_start|>", [(0, 12)]),
        ("é<|im_start|>\u00ad", [(1, 13), (13, 14)]),
        ("\ud800", [(0, 1)]),
    ],
)
def test_what_cleaning_changes_is_in_suspicious_spans(
    text: str, spans: list[tuple[int, int]]
) -> None:
    assert sorted(suspicious_spans(text)) == spans
