"""Names of credentials in other languages and scripts."""

import pytest

from retab_mcp.safety.foreign import foreign_name_in, foreign_names
from retab_mcp.safety.names import Kind, kind_of
from retab_mcp.safety.redact import redact_text


@pytest.mark.parametrize(
    "name",
    [
        *(
            "密码",
            "密碼",
            "口令",
            "暗号",
            "パスワード",
            "暗証番号",
            "合言葉",
            "비밀번호",
            "암호",
            "패스워드",
            "пароль",
        ),
        *("пароля", "пароли", "лозинка", "парола", "كلمة المرور", "كلمة السر", "רסיסמה"),
        *("סיסמה", "סיסמא", "รหัสผ่าน", "κωδικός πρόσβασης", "συνθηματικό", "पासवर्ड"),
        *("গোপন নম্বর", "رمز عبور", "密钥", "密鑰", "私钥", "秘密鍵", "api ключ", "ключ api"),
        *("секретный ключ", "секрет", "токен", "令牌"),
    ],
)
def test_passwords_in_other_scripts(name: str) -> None:
    assert kind_of(name) is Kind.PASSWORD
    assert foreign_name_in(f"user_{name}") == name
    assert redact_text(f"{name}: hunter2x") == (f"{name}: [redacted]", 1)


@pytest.mark.parametrize(
    "name",
    [
        *("验证码", "驗證碼", "認証コード", "인증번호", "код подтверждения"),
    ],
)
def test_codes_in_other_scripts(name: str) -> None:
    assert kind_of(name) is Kind.CODE
    assert redact_text(f"{name}: 482913") == (f"{name}: [redacted]", 1)


@pytest.mark.parametrize(
    "name", ["hasło", "şifre", "lösen", "mật khẩu", "salasanä", "jelszó", "palavra-passe"]
)
def test_names_with_accents(name: str) -> None:
    assert redact_text(f"{name}: hunter2x") == (f"{name}: [redacted]", 1)


def test_the_places_of_foreign_names() -> None:
    assert foreign_names("ПАРОЛЬ и 密码") == [(0, 6), (9, 11)]
    assert foreign_names("password") == []
    assert foreign_name_in("password") is None
    assert foreign_name_in("сумма") is None
