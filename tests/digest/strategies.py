"""Strategies for random JSON as a parser returns it: small, wide, deep, rows, long texts."""

from hypothesis import strategies as st

TEXTS = st.text(max_size=30) | st.sampled_from(["", "EUR", "total", "über", "発票", "🚀", "a/b~c"])
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=True, allow_infinity=True)
    | TEXTS
)
KEYS = st.text(min_size=0, max_size=12) | st.sampled_from(["id", "error", "rows", "0-1", "a/b"])

NESTED = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=40,
)


@st.composite
def row_lists(draw: st.DrawFn) -> list[object]:
    """Draw many objects with the same keys, a few of which differ."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=4, unique=True))
    values = draw(st.lists(SCALARS, min_size=1, max_size=4))
    count = draw(st.integers(1, 120))
    rows: list[object] = [
        {key: values[(n + place) % len(values)] for place, key in enumerate(keys)}
        for n in range(count)
    ]
    for place, odd in draw(st.lists(st.tuples(st.integers(0, count - 1), NESTED), max_size=3)):
        rows[place] = odd
    return rows


LONG_TEXTS = st.builds(lambda text, times: text * times, TEXTS, st.integers(1, 400))
VALUES = (
    NESTED
    | row_lists()
    | LONG_TEXTS
    | st.dictionaries(KEYS, NESTED | row_lists() | LONG_TEXTS, max_size=5)
    | st.lists(LONG_TEXTS | NESTED, max_size=8)
)
