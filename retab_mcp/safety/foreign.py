"""Names of credentials in other scripts, and those of the Latin alphabet that have accents."""

import re

# Names in scripts that have no ASCII counterpart.
FOREIGN_NAMES = (
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
    ),
    *(
        "пароль",
        "пароля",
        "пароли",
        "лозинка",
        "парола",
        "كلمة المرور",
        "كلمة السر",
        "רסיסמה",
        "סיסמה",
    ),
    *("סיסמא", "รหัสผ่าน", "κωδικός πρόσβασης", "συνθηματικό", "पासवर्ड", "গোপন নম্বর", "رمز عبور"),
    *(
        "密钥",
        "密鑰",
        "私钥",
        "秘密鍵",
        "api ключ",
        "ключ api",
        "секретный ключ",
        "секрет",
        "токен",
    ),
    *("令牌", "验证码", "驗證碼", "認証コード", "인증번호", "код подтверждения"),
)
# Those of the Latin alphabet whose ASCII form is a name too.
ACCENTED_NAMES = (
    *(
        "hasło",
        "hasła",
        "şifre",
        "lösen",
        "clé secr",
        "clé api",
        "contraseñ",
        "mật khẩu",
        "salasanä",
        "jelszó",
        "slaptažod",
        "clé d'acc",
        "clé priv",
    ),
    *("palavra-passe", "schlüssel", "autorización", "código", "código de verificación", "ключ"),
)
_FOREIGN = re.compile("|".join(map(re.escape, FOREIGN_NAMES)), re.IGNORECASE)
FOREIGN_CODES = ("验证码", "驗證碼", "認証コード", "인증번호", "код подтверждения")


def foreign_names(text: str) -> list[tuple[int, int]]:
    """Return the spans of names of credentials in scripts without ASCII counterparts."""
    return [] if text.isascii() else [match.span() for match in _FOREIGN.finditer(text)]


def foreign_name_in(name: str) -> str | None:
    """Return the first name of a credential in another script that a name holds."""
    match = None if name.isascii() else _FOREIGN.search(name)
    return match[0] if match else None
