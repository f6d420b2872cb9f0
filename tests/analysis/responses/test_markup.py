"""Responses in markup: pages for people, and faults in XML."""

import pytest

from retab_mcp.analysis.responses.markup import fault_in_xml, html_title


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<html><head><title>502 Bad Gateway</title></head></html>", "502 Bad Gateway"),
        ("<!DOCTYPE html><title lang='en'>\n Sign \n in </title>", "Sign in"),
        ('<?xml version="1.0"?> <html><title>A &amp; B</title></html>', "A & B"),
        ("<!-- cached --><html><title>Down</title></html>", "Down"),
        ("<HTML><title> </title><h1 class='x'>Not <b>found</b></h1>", "Not found"),
        ("<html><h3>Third</h3></html>", "Third"),
        ("<html><script>var a = 1;</script><style>p {}</style><p>Busy now</p></html>", "Busy now"),
        ("<html></html>", ""),
    ],
)
def test_the_title_of_a_page_else_its_heading_else_its_words(body: str, title: str) -> None:
    assert html_title(body) == title
    assert fault_in_xml(body) is None


@pytest.mark.parametrize("body", ["<order/>", "text <html>", "{}", "<htmlx>"])
def test_other_texts_are_no_page(body: str) -> None:
    assert html_title(body) is None


@pytest.mark.parametrize("name", ["faultstring", "reason", "ErrorMessage", "errordescription"])
def test_the_words_of_a_fault_are_quoted(name: str) -> None:
    inner = f"<s:{name} lang='en'>No <b>ledger</b></s:{name}>"
    assert fault_in_xml(f"<s:Envelope><s:Fault>{inner}</s:Fault></s:Envelope>") == (
        "fault: No ledger"
    )


@pytest.mark.parametrize(
    "root", ["error", "Errors", "ErrorResponse", "fault", "exception", "ns:Fehler"]
)
def test_a_body_that_is_an_error_is_a_fault(root: str) -> None:
    assert fault_in_xml(f"<{root}><Code>7</Code><Message>Gone</Message></{root}>") == "fault: Gone"
    assert fault_in_xml(f'<?xml version="1.0"?><{root}>Gone</{root}>') == "fault: Gone"


@pytest.mark.parametrize(
    "name",
    [
        "message",
        "description",
        "detail",
        "text",
        "msg",
        "Meldung",
        "libelle",
        "mensaje",
        "messages",
    ],
)
def test_the_message_next_to_a_word_of_refusal_is_quoted(name: str) -> None:
    body = f"<r><status>failed</status><{name}>Too late</{name}></r>"
    assert fault_in_xml(body) == "status is failed: Too late"


@pytest.mark.parametrize("name", ["errors", "Fehlerliste", "erreurs", "errores"])
def test_the_first_of_listed_errors_is_quoted(name: str) -> None:
    body = f"<r><n:{name}><e>Zip missing</e><e>Sum</e></n:{name}></r>"
    assert fault_in_xml(body) == "errors: Zip missing"
    assert fault_in_xml(f"<r><{name}> <e></e></{name}></r>") is None


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<r><success>false</success></r>", "success is false"),
        ("<r><ok>N</ok></r>", "ok is N"),
        ("<r><code>404</code></r>", "code is 404"),
        ("<r><httpStatus>500</httpStatus></r>", "httpStatus is 500"),
        ("<r><statusCode>503</statusCode></r>", "statusCode is 503"),
        ("<r><httpCode>400</httpCode></r>", "httpCode is 400"),
        ('<rsp stat="fail"><x>1</x></rsp>', "stat is fail"),
        ("<r status='denied'/>", "status is denied"),
        ("<r><result>false</result></r>", "result is false"),
    ],
)
def test_an_element_or_attribute_may_say_no(body: str, said: str) -> None:
    assert fault_in_xml(body) == said


@pytest.mark.parametrize(
    "body",
    [
        "<r><success>true</success></r>",
        "<r><code>200</code></r>",
        "<r><code>40400</code></r>",
        "<r><code>E404</code></r>",
        "<r><article>failed</article></r>",
        "<r><gift>false</gift></r>",
        "<r><status>posted</status></r>",
        "<defaults><x>1</x></defaults>",
        "<r><!-- fault --></r>",
    ],
)
def test_an_element_that_says_something_else(body: str) -> None:
    assert fault_in_xml(body) is None


def test_only_the_beginning_is_searched() -> None:
    assert fault_in_xml("<r>" + " " * 19_000 + "<status>failed</status></r>") is not None
    assert fault_in_xml("<r>" + " " * 21_000 + "<status>failed</status></r>") is None
