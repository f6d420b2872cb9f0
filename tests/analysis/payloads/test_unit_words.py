"""Units, rates and fields of units, by the words of their names."""

import pytest

from retab_mcp.analysis.payloads.unit_words import (
    name_words,
    names_conversion,
    names_rate,
    names_units,
    unit_changed,
)


@pytest.mark.parametrize(
    "units",
    [
        "mg g gr gram grams kg kilogram kilograms t ton tons tonne tonnes lb lbs oz mm cm dm m km",
        "meter meters metre metres inch inches ft ml cl dl l liter liters litre litres cent cents",
        "ct cts minor subunit subunits penny pence major k thousand thousands tsd teur keur kusd",
        "mio million millions mn bn percent pct percentage prozent bps bp permille promille",
        "fraction ms msec millis milliseconds s sec secs seconds min mins minutes h hour hours",
        "day days wh kwh mwh w kw mw b kb mb gb byte bytes micros micro nano scaled unscaled",
    ],
)
def test_names_of_other_units_are_a_conversion(units: str) -> None:
    for unit in units.split():
        assert names_conversion("weight", f"weight_{unit}"), unit
        assert not names_conversion(f"net_{unit}", f"gross_{unit}"), unit
        assert names_units(f"Convert to {unit}") is (len(unit) > 1)


@pytest.mark.parametrize(
    "rates",
    [
        "rate rates percent pct percentage prozent vat tax discount share ratio margin fraction",
        "probability confidence score likelihood interest mwst ust tva iva btw skonto rabatt quote",
        "satz steuersatz taux tasa remise progress completion",
    ],
)
def test_names_of_rates(rates: str) -> None:
    for rate in rates.split():
        assert names_rate(f"net_{rate}"), rate
    assert not names_rate("net_total")


@pytest.mark.parametrize(
    "name", ["unit", "units", "uom", "scale", "einheit", "exponent", "decimals", "measure"]
)
def test_a_unit_next_to_a_field_that_differs_or_is_new(name: str) -> None:
    assert unit_changed({name: "m"}, {name: "cm"})
    assert unit_changed({}, {f"size_{name}": "cm"})
    assert not unit_changed({name: "m"}, {name: "m"})
    assert not unit_changed({name: "m"}, {})


def test_a_currency_counts_only_where_it_differs() -> None:
    assert unit_changed({"currency": "EUR"}, {"currency": "USD"})
    assert not unit_changed({}, {"currency": "USD"})


def test_words_of_a_name() -> None:
    assert name_words("netWeight_kg2 Foo") == {"net", "weight", "kg", "foo"}
