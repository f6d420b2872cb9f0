"""Random workflows whose values have known origins, to measure trace_value with.

A run mixes documents, run inputs, called APIs and classifications, and passes their values through
functions (with or without their source), merges, conditions, loops and reviews. Each value carries
its origin along. Nothing here knows how trace_value finds it.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from retab_mcp.digest.pointer import format_pointer
from retab_mcp.sandbox.builder.artifacts import extraction
from retab_mcp.sandbox.builder.graph import Workflow, block, edge, json_handle
from retab_mcp.sandbox.builder.ids import review_identifier
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import (
    Sample,
    SampleBlock,
    SampleEdge,
    SampleReview,
    SampleReviewVersion,
)

Json = Any
CREATED_AT = "2026-09-14T07:00:00Z"
# A concept's names in several languages and styles; a rename picks another of them.
NAMES: dict[str, tuple[str, ...]] = {
    "number": ("invoice_number", "invoiceNo", "rechnungsnummer", "numero_facture", "doc_ref"),
    "party": ("vendor_name", "supplier", "lieferant", "fournisseur", "counterparty", "sellerName"),
    "total": ("total", "total_amount", "grandTotal", "gesamtbetrag", "montant_ttc", "amount_due"),
    "net": ("net_amount", "netto", "subtotal", "montant_ht", "netValue"),
    "day": ("invoice_date", "issuedOn", "rechnungsdatum", "date_facture", "doc_date"),
    "due": ("due_date", "payBy", "faellig_am", "echeance"),
    "currency": ("currency", "currency_code", "waehrung", "devise", "curr"),
    "country": ("country", "country_code", "land", "pays"),
    "account": ("iban", "bank_account", "kontonummer", "compte", "payee_account"),
    "cost": ("cost_center", "costCentre", "kostenstelle", "centre_de_cout"),
    "terms": ("payment_days", "terms", "zahlungsziel", "delai"),
    "street": ("street", "address_line", "strasse", "rue"),
}
LINE_NAMES: dict[str, tuple[str, ...]] = {
    "sku": ("sku", "articleNo", "artikel", "code_article"),
    "text": ("description", "label", "bezeichnung", "libelle"),
    "qty": ("quantity", "qty", "menge", "quantite"),
    "price": ("unit_price", "unitPrice", "einzelpreis", "prix"),
    "amount": ("amount", "lineTotal", "betrag", "montant"),
}
WORDS = (
    "Northwind",
    "Fabrikam",
    "Contoso",
    "Tailspin",
    "Adatum",
    "Litware",
    "Wingtip",
    "Proseware",
)


@dataclass(frozen=True)
class Known:
    """The origin of a value: its kind, its step's block, and the path in that step's outputs."""

    kind: str
    step_id: str
    path: str


@dataclass
class Field:
    """A value with its concept and its origin."""

    concept: str
    value: Json
    origin: Known | None = None


# An object whose values are fields, objects, or lists of objects.
Tree = dict[str, Any]


@dataclass
class Question:
    """A place to ask about, and the right answer; `twin` is an equal value in the document."""

    step_id: str
    path: str
    origin: Known
    twin: Known | None = None


@dataclass
class ValueRun:
    """A run and what to ask about it."""

    sample: Sample
    run_id: str
    questions: list[Question] = field(default_factory=list)


def plain(tree: Json) -> Json:
    """Return a tree as the JSON that a handle carries."""
    if isinstance(tree, Field):
        return tree.value
    if isinstance(tree, dict):
        return {key: plain(each) for key, each in tree.items()}
    return [plain(each) for each in tree] if isinstance(tree, list) else tree


def fields(tree: Json, at: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Field]]:
    """Return the fields of a tree with their places."""
    if isinstance(tree, Field):
        return [(at, tree)]
    members = tree.items() if isinstance(tree, dict) else enumerate(tree)
    return [found for key, each in members for found in fields(each, (*at, key))]


class Maker:
    """Builds one random run."""

    def __init__(self, seed: int) -> None:
        self.pick = random.Random(seed)
        self.name = f"values-{seed}"
        self.blocks: list[SampleBlock] = []
        self.edges: list[SampleEdge] = []
        self.acts: list[Callable[[RunBuilder], object]] = []
        self.reviews: list[SampleReview] = []
        self.twins: dict[Known, Known] = {}
        self.inputs: dict[str, Json] = {}
        self.count = 0

    # Values

    def value(self, concept: str) -> Json:
        """Return a value of a concept, as a document or an API writes it."""
        pick = self.pick
        day = date(2026, 1, 1) + timedelta(days=pick.randrange(240))
        made: dict[str, Json] = {
            "number": f"{pick.choice('RIFX')}{pick.choice('-/')}{pick.randrange(1000, 99999)}",
            "party": f"{pick.choice(WORDS)} {pick.choice(('GmbH', 'SARL', 'Ltd', 'Inc'))}",
            "total": round(pick.uniform(40, 90_000), 2),
            "net": round(pick.uniform(40, 90_000), 2),
            "day": day.isoformat(),
            "due": (day + timedelta(days=pick.choice((14, 30, 45)))).isoformat(),
            "currency": pick.choice(("EUR", "USD", "CHF", "GBP")),
            "country": pick.choice(("DE", "FR", "CH", "US")),
            "account": "DE" + "".join(pick.choices("0123456789", k=20)),
            "cost": f"CC-{pick.randrange(100, 999)}",
            "terms": pick.choice((7, 14, 30, 60)),
            "street": f"{pick.choice(('Main St', 'Hauptstr.', 'Rue Haute'))} {pick.randrange(1, 99)}",
            "sku": f"{pick.choice('ABC')}{pick.randrange(100, 999)}-{pick.randrange(10, 99)}",
            "text": f"{pick.choice(('Bolt', 'Cable', 'Panel', 'Hinge', 'Valve'))} {pick.randrange(2, 40)} mm",
            "qty": pick.randrange(1, 60),
            "price": round(pick.uniform(0.5, 400), 2),
            "amount": round(pick.uniform(5, 9000), 2),
        }
        return made[concept]

    def reformatted(self, value: Json) -> Json:
        """Return a value written another way, None where there is no other way."""
        pick = self.pick
        if isinstance(value, float):
            plain_text = f"{value:,.2f}"
            german = plain_text.translate(str.maketrans(",.", ".,"))
            french = plain_text.replace(",", " ").replace(".", ",")
            return pick.choice(
                (plain_text, german, f"{german} €", f"EUR {plain_text}", french, str(value))
            )
        if isinstance(value, int):
            return str(value)
        if isinstance(value, str) and len(value) == 10 and value[4] == "-":
            day = date.fromisoformat(value)
            forms = (
                "%d.%m.%Y",
                "%d/%m/%Y",
                "%Y%m%d",
                "%d %B %Y",
                "%Y-%m-%dT00:00:00Z",
                "%B %d, %Y",
            )
            return day.strftime(pick.choice(forms))
        if isinstance(value, str) and any(char.isalpha() for char in value) and len(value) > 3:
            return pick.choice((value.upper(), f" {value}", value.lower(), f"{value}\n"))
        return None

    # Steps

    def block(self, kind: str, parent: str | None = None, **config: Json) -> str:
        """Add a block with a name of its own."""
        self.count += 1
        block_id = f"{kind.replace('_', '-')}-{self.count}"
        self.blocks.append(block(block_id, kind, f"Step {self.count}", parent, **config))
        return block_id

    def made_here(self, kind: str, block_id: str, tree: Json) -> None:
        """Make the step of a block the origin of every field that has none."""
        for place, each in fields(tree):
            if each.origin is None:
                path = format_pointer(("handle_outputs", "output-json-0", "data", *place))
                each.origin = Known(kind, block_id, path)

    def document_fields(self) -> Tree:
        """Return the fields of a document: some in groups, some with lines, some twice."""
        pick = self.pick
        concepts = pick.sample(list(NAMES), pick.randrange(5, 11))
        tree: Tree = {}
        group: Tree = tree
        for number, concept in enumerate(concepts):
            if number and pick.random() < 0.15:
                group = tree.setdefault(pick.choice(("header", "payment", "parties")), {})
            group[pick.choice(NAMES[concept])] = Field(concept, self.value(concept))
        if pick.random() < 0.6:
            names = {concept: pick.choice(LINE_NAMES[concept]) for concept in LINE_NAMES}
            rows = [
                {
                    names[c]: Field(c, self.value(c))
                    for c in ("sku", "text", "qty", "price", "amount")
                }
                for _ in range(pick.randrange(2, 6))
            ]
            tree[pick.choice(("lines", "items", "positionen"))] = rows
        return tree

    def repeat_some(self, tree: Tree) -> None:
        """Give about one value in ten an equal one elsewhere in the document."""
        known = [(place, each) for place, each in fields(tree) if not isinstance(place[-2:-1], int)]
        for _, each in known:
            if self.pick.random() < 0.1 and each.origin is not None:
                extra = f"{self.pick.choice(('summary', 'footer', 'cover'))}_{len(tree)}"
                twin = Field(each.concept, each.value)
                tree[extra] = twin
                path = format_pointer(("handle_outputs", "output-json-0", "data", extra))
                twin.origin = Known(each.origin.kind, each.origin.step_id, path)
                self.twins[each.origin] = twin.origin
                self.twins[twin.origin] = each.origin

    def read_document(self) -> tuple[str, Tree]:
        """Extract a document; a person may have corrected some of its values."""
        start = self.block("start_document")
        extract = self.block("extract")
        self.edges.append(edge(start, extract, kind="file"))
        tree = self.document_fields()
        self.made_here("document", extract, tree)
        self.repeat_some(tree)
        read = plain(tree)
        corrected = self.pick.random() < 0.25
        if corrected:
            self._correct(extract, tree)
        sent = plain(tree)

        def act(build: RunBuilder) -> None:
            build.start(start, filename=f"{self.name}.pdf")
            record = extraction(build.stored, {"type": "object"}, read)
            ref = build.artifact("extraction", extract, record)
            step = build.complete(extract, sent, 2.0, artifact=ref)
            if corrected:
                self._review(step.step_id, extract, read, sent)

        self.acts.append(act)
        return extract, tree

    def _correct(self, extract: str, tree: Tree) -> None:
        chosen = self.pick.sample(fields(tree), 1)
        for place, each in chosen:
            path = format_pointer(("handle_outputs", "output-json-0", "data", *place))
            other = self.value(each.concept)
            if other != each.value:
                each.value, each.origin = other, Known("review", extract, path)

    def _review(self, step_id: str, block_id: str, read: Json, sent: Json) -> None:
        ids = [review_identifier("rvr", f"{self.name}/{step_id}/{n}") for n in range(2)]
        people = [{"kind": "model", "id": "m"}, {"kind": "human", "id": "u"}]
        versions = (
            SampleReviewVersion(id=ids[0], created_at=CREATED_AT, author=people[0], snapshot=read),
            SampleReviewVersion(
                id=ids[1],
                created_at=CREATED_AT,
                author=people[1],
                snapshot=sent,
                parent_id=ids[0],
                note="Checked against the scan",
            ),
        )
        decision = {
            "verdict": "approved",
            "version_id": ids[1],
            "author": people[1],
            "created_at": CREATED_AT,
            "reason": None,
        }
        self.reviews.append(
            SampleReview(
                id=review_identifier("rev", f"{self.name}/{step_id}"),
                block_id=block_id,
                step_id=step_id,
                created_at=CREATED_AT,
                decision=decision,
                versions=versions,
            )
        )

    def take_input(self) -> tuple[str, Tree]:
        """Start with JSON."""
        start = self.block("start_json")
        tree = self.document_fields()
        self.made_here("run_input", start, tree)
        data = plain(tree)
        self.inputs[start] = data
        self.acts.append(lambda build: build.start(start, data))
        return start, tree

    def ask_api(self, before: str) -> tuple[str, Tree]:
        """Call an API with what a step sent."""
        call = self.block("api_call")
        self.edges.append(edge(before, call))
        concepts = self.pick.sample(list(NAMES), self.pick.randrange(3, 7))
        tree: Tree = {self.pick.choice(NAMES[c]): Field(c, self.value(c)) for c in concepts}
        self.made_here("called_api", call, tree)
        body = plain(tree)

        def act(build: RunBuilder) -> None:
            ref = build.call("https://api.example.com/v2/lookup", (200, body), name=call)
            build.complete(call, body, 0.4, artifact=ref)

        self.acts.append(act)
        return call, tree

    def classify(self) -> tuple[str, Tree]:
        """Classify a document."""
        start = self.block("start_document")
        classifier = self.block("classifier")
        self.edges.append(edge(start, classifier, kind="file"))
        tree: Tree = {
            "category": Field("category", self.pick.choice(("invoice", "credit_note", "reminder")))
        }
        self.made_here("classification", classifier, tree)
        data = plain(tree)
        record = {"categories": [], "output": {"reasoning": "Looks like one.", **data}}

        def act(build: RunBuilder) -> None:
            build.start(start, filename=f"{self.name}-c.pdf")
            ref = build.artifact("classification", classifier, record)
            build.step(classifier, 0.9, outputs={"output-json-0": json_handle(data)}, artifact=ref)

        self.acts.append(act)
        return classifier, tree

    def merge(self, left: tuple[str, Tree], right: tuple[str, Tree]) -> tuple[str, Tree]:
        """Merge two objects; the second wins."""
        merged = self.block("merge_dicts")
        self.edges += [edge(left[0], merged), edge(right[0], merged, into="1")]
        tree = {**left[1], **right[1]}
        data = plain(tree)
        self.acts.append(lambda build: build.complete(merged, data))
        return merged, tree

    def branch(self, before: tuple[str, Tree]) -> tuple[str, Tree]:
        """Pass everything through a conditional."""
        chosen = self.block("conditional")
        self.edges.append(edge(before[0], chosen))
        data = plain(before[1])
        self.acts.append(lambda build: build.complete(chosen, data))
        return chosen, before[1]

    def function(self, before: tuple[str, Tree]) -> tuple[str, Tree]:
        """Rename, rewrite, compute, drop and default fields."""
        written = self.pick.random() < 0.5
        tree, code = self._rewrite(before[1], NAMES)
        source = "def main(data):\n    return {\n" + code + "    }\n"
        made = self.block("function", **({"code": source} if written else {}))
        self.edges.append(edge(before[0], made))
        self.made_here("computed", made, tree)
        data = plain(tree)
        self.acts.append(lambda build: build.complete(made, data))
        return made, tree

    def _rewrite(
        self, given: Tree, names: dict[str, tuple[str, ...]], var: str = "data"
    ) -> tuple[Tree, str]:
        pick = self.pick
        tree: Tree = {}
        code = []
        for key, each in given.items():
            read = f"{var}[{key!r}]"
            if isinstance(each, list):
                rows = [row for row in each if len(each) < 3 or pick.random() > 0.1]
                shape = random.Random(pick.random())
                state = shape.getstate()
                done = []
                for row in rows:
                    shape.setstate(state)
                    done.append(self._row(row, shape))
                tree[key] = [row for row, _ in done]
                inner = done[0][1] if done else ""
                code.append(f"        {key!r}: [{{{inner}}} for row in {read}],\n")
                total = [e for row in rows for _, e in fields(row) if e.concept == "amount"]
                is_number = all(isinstance(e.value, float) for e in total)
                if total and is_number and pick.random() < 0.5:
                    source = next(k for k, e in rows[0].items() if e.concept == "amount")
                    tree["lines_total"] = Field("sum", round(sum(e.value for e in total), 2))
                    code.append(f"        'lines_total': sum(r[{source!r}] for r in {read}),\n")
                if pick.random() < 0.3:
                    tree["line_count"] = Field("count", len(rows))
                    code.append(f"        'line_count': len({read}),\n")
                continue
            if isinstance(each, dict):
                if pick.random() < 0.5:
                    tree[key] = each
                    code.append(f"        {key!r}: {read},\n")
                else:
                    inner_tree, inner_code = self._rewrite(each, names, read)
                    for name, one in inner_tree.items():
                        tree.setdefault(name, one)
                    code.append(inner_code)
                continue
            chance = pick.random()
            choices = names.get(each.concept, (key,))
            new = pick.choice(choices) if pick.random() < 0.5 else key
            if new in tree or (new in given and new != key):
                new = key
            if chance < 0.08:
                continue
            if chance < 0.72 or not isinstance(each, Field):
                tree[new] = each
                code.append(f"        {new!r}: {read},\n")
            elif chance < 0.86:
                other = self.reformatted(each.value)
                tree[new] = Field(each.concept, each.value if other is None else other, each.origin)
                code.append(f"        {new!r}: fmt({read}),\n")
            elif each.concept == "country":
                tree[new] = Field(
                    "country", {"DE": "Germany", "FR": "France"}.get(each.value, "Other")
                )
                code.append(f"        {new!r}: COUNTRIES.get({read}),\n")
            elif each.concept in ("total", "net") and isinstance(each.value, float):
                tree[new] = Field(each.concept, round(each.value * 1.19, 2))
                code.append(f"        {new!r}: round({read} * 1.19, 2),\n")
            else:
                tree[new] = each
                code.append(f"        {new!r}: {read},\n")
        if pick.random() < 0.3 and not {"booking_currency"} & (tree.keys() | given.keys()):
            tree["booking_currency"] = Field("currency", "EUR")
            code.append("        'booking_currency': 'EUR',\n")
        return tree, "".join(code)

    def _row(self, row: Tree, shape: random.Random) -> tuple[Tree, str]:
        tree: Tree = {}
        code = []
        for key, each in row.items():
            new = (
                shape.choice(LINE_NAMES.get(each.concept, (key,))) if shape.random() < 0.4 else key
            )
            new = key if new in tree or new in row else new
            if shape.random() < 0.85 or not isinstance(each.value, float):
                tree[new] = each
                code.append(f"{new!r}: row[{key!r}]")
            else:
                tree[new] = Field(each.concept, f"{each.value:.2f}".replace(".", ","), each.origin)
                code.append(f"{new!r}: fmt(row[{key!r}])")
        return tree, ", ".join(code)

    def loop(self, before: tuple[str, Tree]) -> tuple[str, Tree]:
        """Run a function over each line, and collect the results."""
        key = next(key for key, each in before[1].items() if isinstance(each, list))
        each = self.block("for_each", path=f"$.{key}")
        first = self.block("for_each_sentinel_start", each)
        body = self.block("function", each)
        self.edges += [edge(before[0], each), edge(first, body)]
        items: list[Tree] = before[1][key]
        shape = random.Random(self.pick.random())
        state = shape.getstate()
        results = []
        for number, item in enumerate(items):
            shape.setstate(state)
            row, _ = self._row(item, shape)
            prices = [e for e in item.values() if e.concept == "price"]
            counts = [e for e in item.values() if e.concept == "qty"]
            factors = [each.value for each in (*prices[:1], *counts[:1])]
            if "extended_value" not in item and [type(one) for one in factors] == [float, int]:
                made = Field("value", round(factors[0] * factors[1], 2))
                path = "/handle_outputs/output-json-0/data/extended_value"
                made.origin = Known("computed", f"{each}_iter_{number}_{body}", path)
                row["extended_value"] = made
            results.append(row)
        given, collected = [plain(item) for item in items], [plain(row) for row in results]
        tree: Tree = {"results": results}

        def act(build: RunBuilder) -> None:
            began = build.now
            for number, item in enumerate(given):
                here = (turn(each, number),)
                build.complete(first, item, 0.01, loops=here)
                build.complete(body, collected[number], 0.1, loops=here)
            build.container(
                each, began, outputs={"output-json-0": json_handle({"results": collected})}
            )

        self.acts.append(act)
        return each, tree

    # The run

    def make(self) -> ValueRun:
        """Return the run, with questions about the inputs of its last step."""
        pick = self.pick
        sources = [self.read_document()]
        if pick.random() < 0.45:
            sources.append(self.read_document() if pick.random() < 0.5 else self.take_input())
        if pick.random() < 0.25:
            sources.append(self.classify())
        if pick.random() < 0.35:
            sources.append(self.ask_api(sources[0][0]))
        current = sources[0]
        for other in sources[1:]:
            if pick.random() < 0.4:
                current = self.function(current)
            current = self.merge(current, other)
        for _ in range(pick.randrange(0, 4)):
            steps = [self.function, self.function, self.branch]
            if any(isinstance(each, list) and each for each in current[1].values()):
                steps.append(self.loop)
            current = pick.choice(steps)(current)
        send = self.block("api_call")
        self.edges.append(edge(current[0], send))
        data = plain(current[1])
        self.acts.append(lambda build: build.fail(send, "API call failed: 422"))
        graph = Workflow(self.name, "Values", tuple(self.blocks), tuple(self.edges))
        build = RunBuilder(self.name, graph, CREATED_AT)
        for act in self.acts:
            act(build)
        run = build.run(
            "error",
            60.0,
            failure=build.steps[-1].failure,
            reviews=tuple(self.reviews),
            json_data=self.inputs,
        )
        assert data is not None
        made = ValueRun(Sample(self.name, "Values of known origin", (run,)), run.id)
        for place, each in pick.sample(fields(current[1]), min(4, len(fields(current[1])))):
            path = format_pointer(("handle_inputs", "input-json-0", "data", *place))
            assert each.origin is not None
            made.questions.append(Question(send, path, each.origin, self.twins.get(each.origin)))
        return made


def value_run(seed: int) -> ValueRun:
    """Return the random run of a seed."""
    return Maker(seed).make()
