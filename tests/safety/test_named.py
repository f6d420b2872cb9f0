import pytest

from retab_mcp.safety.names import Kind
from retab_mcp.safety.redact import redact_text
from tests.safety.test_names import BY_KIND

# Values that are hidden under names of a kind, and names that only count as keys.
VALUES = {Kind.PHRASE: "apple river stone cloud tiger maple", Kind.CODE: "482913"}
ONLY_KEYS = {"one time pad", "пароль_1", "cle d api", "cle d acces", "card verification"}
ONLY_KEYS |= {"bip39", "secret words"}


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("password=hunter2", "password=[redacted]"),
        ("password: hunter2, then", "password: [redacted], then"),
        ("Server=db;Password=ab,cd;Port=1", "Server=db;Password=[redacted];Port=1"),
        ("AccountKey=ab/c+d==;Suffix=x", "AccountKey=[redacted];Suffix=x"),
        ('{"api_key": "a b c", "n": 1}', '{"api_key": "[redacted]", "n": 1}'),
        ("{'apiKey': 'abc', 'n': 1}", "{'apiKey': '[redacted]', 'n': 1}"),
        (r"{\"password\":\"x y\",\"n\":1}", r"{\"password\":\"[redacted]\",\"n\":1}"),
        (
            "https://x.example/?access_token=abcd&page=2",
            "https://x.example/?access_token=[redacted]&page=2",
        ),
        ("X-Api-Key: abcd1234\nHost: x", "X-Api-Key: [redacted]\nHost: x"),
        ("api key: abcd1234", "api key: [redacted]"),
        ("Cookie: a=1; b=2\nHost: x", "Cookie: [redacted]\nHost: x"),
        ("Set-Cookie: sid=1; Path=/", "Set-Cookie: [redacted]"),
        ("Authorization: Token abc123def", "Authorization: Token [redacted]"),
        (
            "Authorization: AWS4-HMAC-SHA256 Credential=a/b, Signature=c1",
            "Authorization: AWS4-HMAC-SHA256 [redacted]",
        ),
        ("clientSecret => 'abc'", "clientSecret => '[redacted]'"),
        (
            "401 Client Error: invalid token: abcd1234",
            "401 Client Error: invalid token: [redacted]",
        ),
        ("PASSWORD = 'with spaces'", "PASSWORD = '[redacted]'"),
        ("password%3Dhunter2", "password%3D[redacted]"),
    ],
)
def test_a_value_after_a_secret_name_is_redacted(text: str, safe: str) -> None:
    assert redact_text(text) == (safe, 1)


@pytest.mark.parametrize(
    "text",
    [
        "total_tokens=500, max_tokens: 4096",
        "SyntaxError: Unexpected token: }",
        "Unexpected token < in JSON at position 0",
        "password: null, token: None, secret=''",
        "password=[redacted]",
        '{"token": "[redacted]"}',
        "Authorization: pending approval by the board",
        "key=value&sort=asc",
        "api_key_id=key_123456",
        "the secret of success: work",
        "the keyword: total",
    ],
)
def test_other_values_are_not_redacted(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_positions_are_right_where_lower_case_is_longer() -> None:
    assert redact_text("İİİ password=hunter2") == ("İİİ password=[redacted]", 1)


def test_every_redaction_is_counted() -> None:
    assert redact_text("password=abcd&token=efgh secret: ijkl")[1] == 3


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("cookies: {'sid': 'abc', 'b': 1}, done", "cookies: [redacted], done"),
        ("cookie={a, b} rest", "cookie=[redacted] rest"),
        ("Cookie: a=1; b=2", "Cookie: [redacted]"),
        ("Set-Cookie: sid=1; Path=/", "Set-Cookie: [redacted]"),
        ("Authorization: Bearer abcd1234", "Authorization: Bearer [redacted]"),
        ("Host: x\nAuthorization: abcd", "Host: x\nAuthorization: [redacted]"),
        ("curl -H 'Authorization: abcd'", "curl -H 'Authorization: [redacted]'"),
        ('-H "Authorization: abcd"', '-H "Authorization: [redacted]"'),
        ("Authorization: Basic user:pw", "Authorization: Basic [redacted]"),
        ('Authorization: Digest username="a", response="b"', "Authorization: Digest [redacted]"),
        ("Authorization: aB3dE5fG7hJ9 and more", "Authorization: [redacted] and more"),
        ("authorization => 'Bearer abcd1234'", "authorization => '[redacted]'"),
        ('authorization=("Bearer", "abcd1234")', 'authorization=("Bearer", "[redacted]")'),
        ('("Authorization", "Bearer x1")', '("Authorization", "[redacted]")'),
        ('("password", "abcdefghijklm")', '("password", "[redacted]")'),
        ('{:password, "abc"}', '{:password, "[redacted]"}'),
        ('f("password", "abc1")', 'f("password", "[redacted]")'),
        ("<password>abc</password>", "<password>[redacted]</password>"),
        (
            "<password><value>abc</value></password>",
            "<password><value>[redacted]</value></password>",
        ),
        (
            "<key>password</key><string>abc</string>",
            "<key>password</key><string>[redacted]</string>",
        ),
        ('<add key="password" value="abc"/>', '<add key="password" value="[redacted]"/>'),
        ("<input name='password' value='abc'>", "<input name='password' value='[redacted]'>"),
        ("name: password\nvalue: abc", "name: password\nvalue: [redacted]"),
        ("{'name': 'password', 'value': 'abc'}", "{'name': 'password', 'value': '[redacted]'}"),
        ("<td>Password</td><td>abc</td>", "<td>Password</td><td>[redacted]</td>"),
        ("<th>Password:</th> <td><b>abc</b></td>", "<th>Password:</th> <td><b>[redacted]</b></td>"),
        ("<p:password>abc</p:password>", "<p:password>[redacted]</p:password>"),
        ("<password type='x'>abc</password>", "<password type='x'>[redacted]</password>"),
        ("<db.password>abc1</db.password>", "<db.password>[redacted]</db.password>"),
        ("password is hunter2x", "password is [redacted]"),
        ("password was changed to hunter2x", "password was changed to [redacted]"),
        ("the password for the portal is hunter2x", "the password for the portal is [redacted]"),
        ("password for the portal: hunter2x", "password for the portal: [redacted]"),
        ("password of ida: Tr0ub4dor9", "password of ida: [redacted]"),
        ("your pin is 1234", "your pin is [redacted]"),
        ("cvv 123", "cvv [redacted]"),
        ("cvv2 123", "cvv2 [redacted]"),
        ("forgot password=hunter2", "forgot password=[redacted]"),
        ("cvv is 123", "cvv is [redacted]"),
        ("otp 482913", "otp [redacted]"),
        ("passcode 482913", "passcode [redacted]"),
        ("key is aB3dE5fG7hJ9kL2m", "key is [redacted]"),
        ("the key aB3dE5fG7hJ9kL2m", "the key [redacted]"),
        ("with key aB3dE5fG7hJ9kL2m", "with key [redacted]"),
        ("key 'aB3dE5fG7hJ9kL2m'", "key '[redacted]'"),
        ("key: aB3dE5fG7hJ9kL2m", "key: [redacted]"),
        ("token abcd1234", "token [redacted]"),
        ("token 'aB3dE5fG7hJ9'", "token '[redacted]'"),
        ("--password hunter2", "--password [redacted]"),
        ("seed phrase: apple river stone cloud tiger maple", "seed phrase: [redacted]"),
        ("seed phrase is apple river stone cloud tiger maple", "seed phrase is [redacted]"),
        ("session: aB3dE5fG7hJ9kL2m", "session: [redacted]"),
        ("session_id=12345678", "session_id=[redacted]"),
        ("credentials: ida/hunter2!", "credentials: ida/[redacted]"),
        ("credentials: ida:hunter2!", "credentials: ida:[redacted]"),
        ("creds = ida | hunter22", "creds = ida | [redacted]"),
        ("password: |\n  abc\n  def\nx: 1", "password: |\n  [redacted]\nx: 1"),
        ("password: >-\n  abc\nx: 1", "password: >-\n  [redacted]\nx: 1"),
        ("password=<<EOF\nhunter2\nEOF", "password=<<EOF\n[redacted]\nEOF"),
        ("password: !!str abc", "password: !!str [redacted]"),
        ('password: string = "abc"', 'password: string = "[redacted]"'),
        ('password := "abc"', 'password := "[redacted]"'),
        ("password => abc", "password => [redacted]"),
        ("password -> abc", "password -> [redacted]"),
        ("password ...... hunter2", "password ...... [redacted]"),
        ("password | hunter2", "password | [redacted]"),
        ("password\thunter2", "password\t[redacted]"),
        ("password  hunter2", "password  [redacted]"),
        ("password hunter2", "password [redacted]"),
        ("password `hunter2`", "password `[redacted]`"),
        ("password 'hunter2'", "password '[redacted]'"),
        ("password (Tr0ub4dor9)", "password ([redacted])"),
        ("password = b'abc'", "password = b'[redacted]'"),
        ('password = ["abc"]', 'password = ["[redacted]"]'),
        ("password:\n  abc123", "password:\n  [redacted]"),
        ("password=\n abc123", "password=\n [redacted]"),
        ("pass = hunter2", "pass = [redacted]"),
        ("401 invalid token: abcd1234", "401 invalid token: [redacted]"),
        ("password: the value 'Tr0ub4dor9' is short", "password: the value '[redacted]' is short"),
        ("api_key=front", "api_key=[redacted]"),
        ("пароль: hunter2", "пароль: [redacted]"),
        ("пароль hunter2", "пароль [redacted]"),
        ("密码：hunter2x", "密码：[redacted]"),
        ("密码是hunter2x", "密码是[redacted]"),
        ("db.password=hunter2", "db.password=[redacted]"),
        ("my password=hunter2", "my password=[redacted]"),
        ("one time code: 482913", "one time code: [redacted]"),
        ("code de vérification: 482913", "code de vérification: [redacted]"),
        ("code de vérification est 482913", "code de vérification est [redacted]"),
        ("password=hunter2&x=1", "password=[redacted]&x=1"),
        ('password: must not be "Tr0ub4dor9"', 'password: must not be "[redacted]"'),
        ("password: the value `Tr0ub4dor9` is short", "password: the value `[redacted]` is short"),
        (
            '{"e":"password: the value \'Tr0ub4dor9\' is short"}',
            '{"e":"password: the value \'[redacted]\' is short"}',
        ),
        ("password: 'Tr0ub4dor9' is short", "password: '[redacted]' is short"),
        (
            '{\\"e\\": \\"password: must not be \\\\\\"Tr0ub4dor9\\\\\\" here\\"}',
            '{\\"e\\": \\"password: must not be \\\\\\"[redacted]" here\\"}',
        ),
        ("passphrase for ida: hunter2x", "passphrase for ida: [redacted]"),
    ],
)
def test_a_value_is_found_in_many_notations(text: str, safe: str) -> None:
    assert redact_text(text) == (safe, 1)


@pytest.mark.parametrize(
    "text",
    [
        "cookie: {a} rest",
        "Cookie: theme",
        "Authorization: abcd",
        "Authorization: pending",
        "Authorization: Bearer {{token}}",
        "Authorization: Bearer missing",
        "Authorization: aB3dE5fG7hJ and more",
        '["X-Api-Key", "abcd"]',
        '["X-Api-Key", "abcd", 1]',
        '("password", "abc")',
        "<password/>abc",
        "password is wrong",
        "pin 1234",
        "tan 1234",
        "the pin 1234",
        "pin code of Pune 411001",
        "PIN: 411001, Pune",
        "delivery pin: 411001",
        "foreign key aB3dE5fG7hJ9kL2m",
        "cache key 'aB3dE5fG7hJ9kL2m'",
        "token 'abcd1234'",
        "--password -v",
        "-password hunter",
        "--token abc",
        "credentials: ida / hunter",
        "password = os.environ['X']",
        "password = {{x}}",
        "password = get('abc')",
        "password: {abc}",
        "password = {{abc}}",
        "password:\nname: x",
        "password:\n  hunter",
        "pass 3",
        "password:\nuser12: x",
        "forgot password: hunter2",
        "pass 12 of 14",
        "pass: 3",
        "unexpected token: abc1",
        "arn:aws:secretsmanager:eu:1:secret:abc1",
        "token: identifier",
        "token=identifier",
        "token: a, b",
        "password: at least 8 characters",
        "api key: the front door",
        "api key: front door",
        "next token=abcd1234",
        "prior authorization: abcdefgh1234",
        "password, hunter2",
        "password;hunter2",
        'msg="password: the value is short" user="ida 12"',
    ],
)
def test_what_only_looks_like_a_notation_is_shown(text: str) -> None:
    assert redact_text(text) == (text, 0)


def test_both_values_of_a_change_are_redacted() -> None:
    text = "the password changed from Tr0ub4dor9 to Tr0ub4dor8 to Tr0ub4dor7"
    safe = "the password changed from [redacted] to [redacted] to Tr0ub4dor7"
    assert redact_text(text) == (safe, 2)


@pytest.mark.parametrize("kind", BY_KIND)
def test_the_value_after_each_name_of_a_kind_is_redacted(kind: Kind) -> None:
    value = "sid=1" if kind is Kind.COOKIE else VALUES.get(kind, "aB3dE5fG7hJ9kL2m")
    for name in BY_KIND[kind].strip().replace("\n", "|").split("|"):
        if name not in ONLY_KEYS:
            assert redact_text(f"{name}: {value}") == (f"{name}: [redacted]", 1)
