"""Recognize unit conversions by the names of fields, and fractions by the names of rates."""

import re
from collections.abc import Mapping

from retab_mcp.models import Json


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Without currencies: total_eur names what total is in, no conversion.
_UNITS = _set(
    "mg g gr gram grams kg kilogram kilograms t ton tons tonne tonnes lb lbs oz mm cm dm m km "
    "meter meters metre metres inch inches ft ml cl dl l liter liters litre litres cent cents ct "
    "cts minor subunit subunits penny pence major k "
    "thousand thousands tsd teur keur kusd mio million millions mn bn percent pct percentage "
    "prozent bps bp permille promille fraction ms msec millis milliseconds s sec secs seconds min "
    "mins minutes h hour hours day days wh kwh mwh w kw mw b kb mb gb byte bytes micros micro "
    "nano scaled unscaled"
)
_RATES = _set(
    "rate rates percent pct percentage prozent vat tax discount share ratio margin fraction "
    "probability confidence score likelihood interest mwst ust tva iva btw skonto rabatt quote "
    "satz steuersatz taux tasa remise progress completion"
)
# Names of fields that hold the unit of the fields next to them.
_UNIT_FIELDS = _set("unit units uom scale einheit exponent decimals measure")
_WORD = re.compile(r"[^\W\d_]+?(?=[A-Z][a-z])|[^\W\d_]+")


def name_words(name: str) -> frozenset[str]:
    """Return the words of a name in snake_case, camelCase or plain text, in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(name))


def names_conversion(before: str, after: str) -> bool:
    """Return whether two names of a field name different units, as in weight_kg and weight_g."""
    return name_words(before) & _UNITS != name_words(after) & _UNITS


def names_units(text: str) -> bool:
    """Return whether a text, such as the label of a block, names a unit of two or more letters."""
    return any(len(word) > 1 for word in name_words(text) & _UNITS)


def names_rate(name: str) -> bool:
    """Return whether a name is that of a rate, which is also written as a fraction of 1."""
    return bool(name_words(name) & _RATES)


def unit_changed(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Return whether a unit next to the field differs between two records, or was added.

    A currency that was added says nothing about the amounts.
    """
    added = {name for name in after if name_words(name) & _UNIT_FIELDS and name not in before}
    units = {name for name in after.keys() & before.keys() if _holds_unit(name)}
    return bool(added) or any(before[name] != after[name] for name in units)


def _holds_unit(name: str) -> bool:
    return bool(name_words(name) & (_UNIT_FIELDS | {"currency"}))
