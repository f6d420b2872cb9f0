"""Generated payloads of real size: the same bytes every time, built on first use."""

import base64
import random
from functools import cache

from retab_mcp.sandbox.records import Json

COUNTERPARTIES = (
    "Acme Corp",
    "Globex GmbH",
    "Initech Supplies",
    "Northwind Traders",
    "Contoso Freight",
    "Fabrikam Energy",
    "Tailspin Leasing",
    "Woodgrove Bank",
)
PURPOSES = ("Invoice", "Credit note", "Standing order", "Card settlement", "Direct debit", "Refund")
PARTS = ("Hex bolt", "Washer", "Ball bearing", "Drive belt", "Gasket", "Filter", "Relay", "Fuse")

# Bookings on a statement page; 412 such pages are about 1.3 MB of text.
BOOKINGS_PER_PAGE = 40
STATEMENT_PAGES = 412
PRICE_LIST_ROWS = 20_000
# The size of a filled form of six pages as PDF.
FILLED_FORM_BYTES = 300_000


def _day(draw: random.Random) -> str:
    return f"2026-{draw.randint(1, 6):02d}-{draw.randint(1, 28):02d}"


@cache
def statement_pages() -> tuple[str, ...]:
    """Return the text of a bank statement's pages, tables in Markdown."""
    draw = random.Random("statement")
    pages = []
    balance = 48_210.55
    for number in range(1, STATEMENT_PAGES + 1):
        rows = [
            f"# Woodgrove Bank - account statement, page {number} of {STATEMENT_PAGES}",
            "| Booked | Counterparty | Purpose | Reference | Amount | Balance |",
            "| --- | --- | --- | --- | ---: | ---: |",
        ]
        for _ in range(BOOKINGS_PER_PAGE):
            amount = round(draw.uniform(-4_000, 4_000), 2)
            balance = round(balance + amount, 2)
            rows.append(
                f"| {_day(draw)} | {draw.choice(COUNTERPARTIES)} | {draw.choice(PURPOSES)} "
                f"| {draw.randrange(10**9):09d} | {amount:.2f} | {balance:.2f} |"
            )
        pages.append("\n".join(rows))
    return tuple(pages)


@cache
def bookings(count: int) -> tuple[dict[str, Json], ...]:
    """Return the line items of an extracted statement."""
    draw = random.Random("bookings")
    return tuple(
        {
            "booked_on": _day(draw),
            "counterparty": draw.choice(COUNTERPARTIES),
            "purpose": draw.choice(PURPOSES),
            "reference": f"{draw.randrange(10**9):09d}",
            "amount": round(draw.uniform(-4_000, 4_000), 2),
        }
        for _ in range(count)
    )


@cache
def price_list(text_quantity_at: int, text_quantity: str) -> tuple[dict[str, Json], ...]:
    """Return the rows of a price list; one row has a text where the others have a number."""
    draw = random.Random("price list")
    rows: list[dict[str, Json]] = [
        {
            "sku": f"{draw.choice('ABCDEFGH')}{draw.randrange(10**6):06d}",
            "description": f"{draw.choice(PARTS)} M{draw.randint(3, 24)}",
            "qty": draw.randint(1, 500),
            "unit_price": round(draw.uniform(0.05, 90.0), 2),
            "discount": draw.choice((0, 0, 0, 0.05, 0.1)),
        }
        for _ in range(PRICE_LIST_ROWS)
    ]
    rows[text_quantity_at]["qty"] = text_quantity
    return tuple(rows)


@cache
def pdf_data_url() -> str:
    """Return a filled form as a data URL in base64."""
    body = b"%PDF-1.7\n" + random.Random("form").randbytes(FILLED_FORM_BYTES)
    return "data:application/pdf;base64," + base64.b64encode(body).decode()
