"""Of labelled runs that failed because of an input value: that value, and where it came from.

Written down by reading the runs, so that the answers of the tools can be measured against it.
"""

from dataclasses import dataclass

from retab_mcp.sandbox.records import SampleStep, resolve
from tests.labelled import all_scenarios
from tests.labelled.scenario import Scenario

_IN = "/handle_inputs/input-json-0/data"
_OUT = "/handle_outputs/output-json-0/data"


@dataclass(frozen=True)
class AtFault:
    """A value in the inputs of the step that failed, and the step's output that it came from.

    `scenario` is the name of the run; `path` and `origin_path` are JSON Pointers into the records
    of the labelled step and of `origin_step` (a step id without the run id in front).
    """

    scenario: str
    path: str
    origin_step: str
    origin_path: str


# Where a key is missing, the value is the object that lacks it.
VALUES_AT_FAULT = tuple(
    AtFault(name, _IN + path, origin, _OUT + origin_path)
    for name, path, origin, origin_path in (
        ("billing-empty-email", "/customer_email", "read-paper", "/customer_email"),
        ("erp-duplicate", "/invoice", "read-paper", "/invoice"),
        ("vat-key-missing", "/vendor", "given-data", "/vendor"),
        ("share-of-nothing", "/rows/0/share", "given-data", "/rows/0/share"),
        ("answer-not-json", "/raw", "given-data", "/raw"),
        ("comma-decimal", "/gross", "given-data", "/gross"),
        ("result-without-total", "/rows", "given-data", "/rows"),
        ("weight-as-text", "/weight", "parcel-in", "/weight"),
        ("hint-at-the-innocent", "/scale", "read-map", "/scale"),
        ("both-arms-fall", "/customer", "ticket-in", "/customer"),
        ("letter-five", "/country", "every-letter_iter_5_address-letter", "/country"),
        ("never-balanced", "/difference", "books-in", "/difference"),
        ("never-balanced-message", "/difference", "books-in", "/difference"),
    )
)


def scenario_of(value: AtFault) -> Scenario:
    """Return the labelled run of a value."""
    return next(each for each in all_scenarios() if each.name == value.scenario)


def failed_step(scenario: Scenario) -> SampleStep:
    """Return the step that the label of a failed run names."""
    steps = resolve(scenario.run.steps)
    return next(each for each in steps if each.step_id == scenario.label.step_id)
