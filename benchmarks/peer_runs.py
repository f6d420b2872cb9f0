"""The failed runs that benchmarks/peers.py asks about, small and large, with their labels."""

from dataclasses import dataclass

from retab_mcp.sandbox.builder.graph import block, json_handle, workflow
from retab_mcp.sandbox.builder.run import RunBuilder, turn
from retab_mcp.sandbox.records import Json, Sample, SampleRun, SampleStep, resolve
from tests.labelled.scenario import Scenario
from tests.labelled.values_at_fault import VALUES_AT_FAULT, AtFault, failed_step, scenario_of

SIZES = (500, 2_000)
# One that is named as failing, one in a loop, and one where the run names another step.
SMALL = ("billing-empty-email", "letter-five", "hint-at-the-innocent")
# Steps outside the loop of a large run.
_OTHERS = 8
_CREATED_AT = "2026-09-21T05:00:00Z"
_IN, _OUT = "/handle_inputs/input-json-0/data", "/handle_outputs/output-json-0/data"

_ORDERS = workflow(
    "peers-orders",
    "Orders",
    block("order-in", "start_document", "Order arrives"),
    block("read-order", "extract", "Read the order"),
    block("each-line", "for_each", "Each line"),
    block("price-line", "function", "Price a line", "each-line"),
    block("to-booking", "function", "Make the booking"),
    block("join-prices", "merge_dicts", "Join"),
    block("book-order", "api_call", "Book the order"),
    block("confirm", "function", "Confirm"),
    block("archive", "api_call", "Archive"),
    "order-in > read-order > each-line > join-prices > book-order > confirm > archive",
    "read-order > to-booking > join-prices",
)


@dataclass(frozen=True)
class PeerRun:
    """A failed run and its label.

    `cause` is the step that failed first and `message` its message; `reason` what the API that it
    called answered, None where it called none; `path` the value at fault in
    its inputs; `way` the steps that the value passed, from the one before the cause to its origin;
    `origin_path` where it is in the outputs of the last of these. Step ids are full.
    """

    name: str
    run: SampleRun
    cause: str
    message: str
    reason: Json
    path: str
    way: tuple[str, ...]
    origin_path: str
    value: Json

    @property
    def origin(self) -> str:
        """Return the id of the step that the value comes from."""
        return self.way[-1]


def peer_runs() -> list[PeerRun]:
    """Return all runs, the small ones first."""
    by_name = {each.scenario: each for each in VALUES_AT_FAULT}
    return [*(_small(by_name[name]) for name in SMALL), *map(_large, SIZES)]


def peer_samples() -> list[Sample]:
    """Return the runs for a sandbox, and one for a first call that is not measured."""
    runs = [each.run for each in peer_runs()]
    return [Sample("peers", "Runs for peers", (*runs, _warm_run()))]


WARM_RUN = "run_warm"


def _warm_run() -> SampleRun:
    build = RunBuilder("warm", _ORDERS, _CREATED_AT, WARM_RUN)
    build.start("order-in", filename="warm.pdf")
    return build.failed(build.fail("read-order", "no text was found"), 2.0)


def _small(value: AtFault) -> PeerRun:
    scenario = scenario_of(value)
    step = failed_step(scenario)
    assert step.failure is not None
    return PeerRun(
        name=value.scenario,
        run=scenario.run,
        cause=step.step_id,
        message=step.failure.message,
        reason=_answered(scenario.run, step),
        path=value.path,
        way=_way(scenario, value),
        origin_path=value.origin_path,
        value=_at(resolve(step.handle_inputs), value.path),
    )


def _answered(run: SampleRun, step: SampleStep) -> Json:
    """Return the body with which the last attempt of a step's call was answered."""
    for artifact in resolve(run.artifacts):
        if step.artifact is not None and artifact.id == step.artifact.id:
            attempts = resolve(artifact.data).get("attempts") or [{}]
            return attempts[-1].get("response_body")
    return None


def _way(scenario: Scenario, value: AtFault) -> tuple[str, ...]:
    run_id = scenario.run.id
    origin = f"{run_id}_{value.origin_step}"
    joined = f"{run_id}_join-parcel"
    steps = {each.step_id for each in resolve(scenario.run.steps)}
    return (joined, origin) if joined in steps else (origin,)


def _at(handles: Json, path: str) -> Json:
    found = handles
    for token in path.split("/")[2:]:
        found = found[token]
    return found


def name_of(steps: int) -> str:
    """Return the name of the large run with so many steps."""
    return f"{steps:,} steps"


def _large(count: int) -> PeerRun:
    """Return a run whose last call is refused for a value that an extraction read."""
    name = name_of(count)
    build = RunBuilder(f"peers-{count}", _ORDERS, _CREATED_AT)
    lines = [_line(number) for number in range(count - _OTHERS)]
    order = {"order": "O-4410", "ship_to": {"name": "Alder Optics", "postal_code": ""}}
    build.start("order-in", filename="order.pdf")
    build.extract("read-order", {**order, "lines": lines[:20]}, 3.0, {"type": "object"})
    began = build.now
    for number, line in enumerate(lines):
        here = (turn("each-line", number),)
        given = {"input-json-0": json_handle({"line": line})}
        build.complete("price-line", _priced(line), 0.1, loops=here, inputs=given)
    priced = {"total": 4410.5}
    build.container("each-line", began, outputs={"output-json-0": json_handle(priced)})
    booking = {"reference": "O-4410", "zip": "", "consignee": "Alder Optics"}
    build.complete("to-booking", booking)
    sent = {**priced, **booking}
    build.complete("join-prices", sent)
    reason = {"errors": {"zip": "must not be empty"}}
    refused = build.call(
        "https://erp.example.com/v2/bookings",
        (422, reason),
        sent=sent,
    )
    message = "Non-2xx response from erp.example.com"
    cause = build.fail("book-order", message, artifact=refused)
    build.skip("an upstream block failed", "confirm", "archive")
    return PeerRun(
        name=name,
        run=build.failed(cause, build.now + 1),
        cause=cause.step_id,
        message=message,
        reason=reason,
        path=f"{_IN}/zip",
        way=tuple(f"{build.id}_{each}" for each in ("join-prices", "to-booking", "read-order")),
        origin_path=f"{_OUT}/ship_to/postal_code",
        value="",
    )


def _line(number: int) -> dict[str, Json]:
    return {
        "position": number + 1,
        "sku": f"SKU-{number * 7919 % 1_000_000:06d}",
        "description": ("Hex bolt M8, galvanised", "Drive belt, long", "Cable, 20 m")[number % 3],
        "quantity": number % 40 + 1,
        "unit_price": round(0.75 + number % 97 * 1.3, 2),
        "notes": "delivered with the order before, see page 3 of the delivery note " * 6,
    }


def _priced(line: dict[str, Json]) -> dict[str, Json]:
    return {**line, "net": round(line["quantity"] * line["unit_price"], 2), "currency": "EUR"}
