"""Parts of words by which names of credentials are found in a text."""

# Parts of the words that name credentials, in lower case and ASCII; `kind_of` judges the name.
STEMS = (
    *("pass", "pwd", "pword", "kennw", "wachtwoord", "contrase", "senha", "haslo", "jelszo"),
    *("salasana", "losen", "adgang", "lozinka", "slaptazod", "parool", "parola", "motdepasse"),
    *("kodeord", "sandi", "mat khau", "zugang", "anmeldedaten", "identifiants", "geheim", "secret"),
    *("segret", "segred", "token", "jeton", "cookie", "credential", "creds", "auth", "key"),
    *("mnemonic", "phrase", "code", "codigo", "codice", "session", "schlussel", "connection"),
    *("recovery words", "seed words", "secret words", "backup words"),
    *("clave de acceso", "clave secreta", "cle secrete", "palavra", "bearer", "authoris", "sessid"),
    *(
        "cle api",
        "cle d'api",
        "cle d'acces",
        "cle privee",
        "clave api",
        "clave de api",
        "clave de la api",
    ),
    *(
        "clave privada",
        "chave api",
        "chave de api",
        "chave da api",
        "chave secreta",
        "chave privada",
    ),
    *("chiave api", "chiave segreta", "chiave privata", "chiave di accesso", "klucz", "sleutel"),
    *("nyckel", "nokkel"),
)
# Shorter ones, only as whole words or after `_` and the like.
SHORT_STEMS = (
    *(
        "pw",
        "psw",
        "psk",
        "mdp",
        "sifre",
        "sifreniz",
        "sifresi",
        "geslo",
        "heslo",
        "cred",
        "jwt",
        "otp",
        "totp",
        "cvv",
    ),
    *("cvc", "mfa", "2fa", "tan", "pin", "puk", "sid", "sess", "sig", "hmac", "sas", "seed", "pat"),
    *("csc", "cvv2", "cvc2", "mtan", "itan", "smstan", "pushtan", "phototan", "chiptan"),
)
