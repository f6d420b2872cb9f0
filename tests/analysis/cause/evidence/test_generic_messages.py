"""Messages that say nothing are told from those that do, in several languages."""

import pytest

from retab_mcp.analysis.cause.evidence.generic_messages import contains, is_generic, without_prefix

SAYS_NOTHING = (
    *("", "Step failed", "[object Object]", "None", "null", "Unknown error", "API call failed"),
    *("Internal error", "Error: Error:", "Execution failed: Error", "WorkflowExecutionError"),
    *("API call failed after 2 attempts", "Process exited with code 1", "Something went wrong."),
    *("Ein Fehler ist aufgetreten", "Échec de l'étape", "Ha ocurrido un error"),
)
SAYS_SOMETHING = (
    *("HTTP 503", "exit code 137", "KeyError: 'iban'", "Execution failed: no disk", "Timed out"),
    *("Step failed: postcode", "Fehler: Postleitzahl fehlt", "执行失败", "Could not be started"),
    "Bad Request",
)


@pytest.mark.parametrize("message", SAYS_NOTHING)
def test_generic_message(message: str) -> None:
    assert is_generic(message)


@pytest.mark.parametrize("message", SAYS_SOMETHING)
def test_message_that_says_something(message: str) -> None:
    assert not is_generic(message)


def test_long_message_is_not_generic() -> None:
    assert not is_generic("error " * 100)


def test_prefix_is_dropped_unless_nothing_is_left() -> None:
    assert without_prefix("Error: Uncaught Error: no such file") == "no such file"
    assert without_prefix("Error: Error:") == "Error: Error:"


def test_one_message_contains_another_whatever_its_case_and_spaces() -> None:
    assert contains("POST failed: IBAN  is\ninvalid", "Error: iban is invalid.")
    assert not contains("IBAN is invalid", "IBAN is missing")
