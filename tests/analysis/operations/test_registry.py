"""The registry: which reader reads an artifact, and rules for all readers."""

from retab_mcp.analysis.operations import READERS
from retab_mcp.models import Operation
from tests.analysis.operations.reading import evidence_of, findings_of, summary_of


def test_unknown_operation_gets_a_digest_of_the_record() -> None:
    assert summary_of("translation", {"language": "fr", "text": "bonjour"}).value == {
        "language": "fr",
        "text": "bonjour",
    }
    assert summary_of("extraction", {"unexpected": [1, 2]}).value == {"unexpected": [1, 2]}


def test_each_operation_has_one_reader() -> None:
    assert sorted(reader.operation for reader in READERS) == sorted(Operation)


def test_unknown_operation_has_no_findings_and_no_evidence() -> None:
    assert findings_of("something_new", {"output": None}) == []
    assert evidence_of("something_new", {"output": None}) == {}
    assert evidence_of("something_new", {"error": {"code": "E7"}}) == {"error_code": "E7"}
