"""Unreadable documents, each with the error message of another library or store."""

from retab_mcp.sandbox.builder.graph import block
from tests.labelled.scenario import EVERY_SHAPE, LabelledRun, Scenario


def _begin(name: str, title: str, filename: str, reader: str, reader_type: str) -> LabelledRun:
    build = LabelledRun(
        name,
        title,
        (
            block("scan-tray", "start_document", "Scan tray"),
            block(reader, reader_type, "Look at the paper"),
            block("tidy-fields", "function", "Tidy the fields"),
            block("hand-over", "api_call", "Hand over"),
        ),
        f"scan-tray > {reader} > tidy-fields > hand-over",
    )
    build.start("scan-tray", filename=filename)
    return build


def _unread(
    name: str,
    title: str,
    filename: str,
    message: str,
    *,
    reader: str = "look-at-paper",
    reader_type: str = "extract",
    stage: str | None = "execution",
    hinted: bool = True,
    kind: str = "document_unreadable",
    generations: tuple[str, ...] = EVERY_SHAPE,
) -> Scenario:
    build = _begin(name, title, filename, reader, reader_type)
    step = build.fail(reader, message, stage=stage)
    build.skip(f"Upstream block '{reader}' failed", "tidy-fields", "hand-over")
    hint = step if hinted else None
    return build.ended_in_error(kind, step, 2, hint=hint, generations=generations)


def scenarios() -> tuple[Scenario, ...]:
    """Return the scenarios of this file."""
    return (
        _unread(
            "payslip-encrypted",
            "A payslip that opens with the employee's date of birth",
            "payslip-08.pdf",
            "pypdf.errors.FileNotDecryptedError: File has not been decrypted",
        ),
        _unread(
            "plan-truncated",
            "An upload that broke off halfway, and no step is named",
            "plan-east-wing.pdf",
            "PdfReadError: EOF marker not found",
            hinted=False,
        ),
        _unread(
            "photo-not-a-photo",
            "A photo that is an HTML error page",
            "meter-117.jpg",
            "cannot identify image file <_io.BytesIO object at 0x7f1c3a0b9e40>",
            reader_type="classifier",
        ),
        _unread(
            "fax-zero-bytes",
            "A fax gateway delivered a file of no bytes",
            "fax-0907.tif",
            "Cannot read an empty file",
            reader_type="parse",
            stage="document_fetch",
        ),
        _unread(
            "contract-not-a-zip",
            "A .docx that is an old .doc by another name",
            "contract.docx",
            "BadZipFile: File is not a zip file",
            reader_type="parse",
        ),
        _unread(
            "phone-heic",
            "A phone's picture format that the reader does not take",
            "IMG_2207.HEIC",
            "File extension .heic is not among the accepted ones (.pdf, .png, .jpg, .tiff)",
            reader_type="split",
        ),
        _unread(
            "workbook-unknown",
            "A workbook whose format nobody recognises",
            "inventory.xls",
            "Excel file format cannot be determined, you must specify an engine manually.",
        ),
        _unread(
            "scan-expired",
            "The scan was deleted from the store before the run came to it",
            "scan-3.pdf",
            "NoSuchKey: The specified key does not exist.",
            stage="document_fetch",
            kind="storage",
        ),
    )
