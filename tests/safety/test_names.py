import pytest

from retab_mcp.safety.names import Kind, is_secret_key, kind_of

SECRET = """
authorization Authorization AUTHORIZATION proxy-authorization auth cookie Set-Cookie
set_cookie password Password userPassword user_password dbpassword passwd pwd passphrase
secret clientSecret client_secret CLIENT-SECRET secrets token Token accessToken access_token
refreshToken idToken id_token csrf-token sessionToken api_key apiKey APIKey api-key X-Api-Key
apikey x_api_keys private_key privateKey PRIVATE_KEY secret_key access_key accountKey
aws_secret_access_key signing_key encryptionKey webhook_secret credentials credential jwt
password_hash token2 2FA cvv2 mTAN pushTan Ocp-Apim-Subscription-Key access_tokens authorization_header
"""
NOT_SECRET = """
total_tokens totalTokens max_tokens tokens prompt_tokens input_tokens token_count tokenCount
max_token tokens_used token_limit token_type token_id api_key_id apiKeyId secret_name
password_required password_updated_at cookie_policy authorization_number authorization_url
next_page_token author authored authority key keys key_id public_key primary_key foreign_key
keyboard monkey secretary tokenizer tokenized cookiecutter passenger bypass compass total id
hash checksum signature p_in pIn t_an file_id workflow_id card_number iban
"""


@pytest.mark.parametrize("key", SECRET.split())
def test_secret_names_are_recognised(key: str) -> None:
    assert is_secret_key(key)


@pytest.mark.parametrize("key", [*NOT_SECRET.split(), "", "x" * 1000])
def test_other_names_are_not_recognised(key: str) -> None:
    assert not is_secret_key(key)


@pytest.mark.parametrize("key", ["api key", "API Key", "access token", "Private Key", "api.key"])
def test_words_are_split_at_any_separator(key: str) -> None:
    assert is_secret_key(key)


# Names of each kind, those of one word or more between bars.
BY_KIND = {
    Kind.PASSWORD: """
mot de passe|mots de passe|palavra passe|palavra chave|pass word|pass code|pass phrase|kata sandi
mat khau|parola d ordine|clave de acceso|clave secreta|one time pad|my password|mypasswd
mypassphrase|mypasscode|mypasswort|mykennwort|mywachtwoord|mycontrasena|mycontrasenia|mypassord
mylosenord|myadgangskode|password|userPass|pass|dbpass|smtp_pass|password_hash|passcode
new_password_confirmation|reset_password_token|MdP|MDP|mdp_user|password_2|password2_old
password_of_the_house|密码|пароль_1
""",
    Kind.KEY: """
cle secrete|shared secret|cle api|cle d api|cle d acces|cle privee|clave api|clave de api
clave de la api|clave privada|chave api|chave de api|chave da api|chave secreta|chave privada
chiave api|chiave segreta|chiave privata|chiave di accesso|api schlussel|geheimer schlussel
privater schlussel|klucz api|klucz prywatny|api sleutel|api nyckel|api nokkel|api klucz
zugriffsschlussel|connection string|myapikey|mysecretkey|myprivatekey|myaccesskey|xapisecret
x_key|x-functions-key|x-y-key|ssh_key|account_key|secrets|thesecret|access_tokens|csrf_token
nexttoken|idtoken|github_pat|session_token|api_key_old|api_key_v2|master_key_secret
""",
    Kind.CODE: """
one time code|verification code|security code|login code|mfa code|2fa code|two factor code
sms code|otp code|totp code|pin code|backup code|backup codes|recovery code|recovery codes
access code|device code|sign in code|auth otp|card verification|bestatigungscode|tan code
code de verification|codigo de verificacion|codice di verifica|einmalcode|pin|my_pin|pin_number
pin_value|2FA|cvv|mtan|otp_number|验证码
""",
    Kind.PHRASE: """
mnemonic|mnemonics|seed phrase|recovery phrase|secret phrase|seed words|secret recovery phrase
backup phrase|recovery words|wallet seed|bip39|secret words|mnemonic phrase|wallet phrase|seed
""",
    Kind.TOKEN: "token|token_value|token_1|bearer_token|token_old|token_new",
    Kind.AUTHORIZATION: "authorization|auth|proxy_authorization|basic_authentication",
    Kind.COOKIE: "cookie|cookies|set_cookie",
    Kind.SESSION: "session|session_id|sessionid|jsessionid|user_session|PHPSESSID|mysessionid",
    Kind.CREDENTIALS: "credential|credentials|creds|db_credentials",
    Kind.WEAK: "key|keys|master_key|secret_id|vault_secret_id|pat|sig|hmac|url_sig|user_sig|key1|code",
}
# Names about a credential, and those of other things.
OF_NO_KIND = """
pass_rate old_pass first_pass pass_through password_id forgot_password has_password
is_password_set show_password password_reset_url sort_key my_key secret_key_id secret_name
connection_strings string connection tokenid mytoken user_pat prior_authorization
pre_authorization no_authorization authorization_code session_name credentials_file pin_nr_2
random_seed seed_value my_seed pins pinning user_code sig_alg a of access_token_count
api_key_prefix api_key_hint x_key_id next_token_count token_policy asecret
"""
PASS_OWNERS = """
db database smtp ftp sftp user root admin mysql pg sql imap mail email login ssh proxy api redis
ldap http wifi mongo basic auth bind keystore my account rabbitmq amqp jdbc host rabbit kafka vpn
"""


@pytest.mark.parametrize("kind", BY_KIND)
def test_names_are_told_apart_by_kind(kind: Kind) -> None:
    names = BY_KIND[kind].strip().replace("\n", "|").split("|")
    assert {name: kind_of(name) for name in names} == dict.fromkeys(names, kind)


@pytest.mark.parametrize("name", OF_NO_KIND.split())
def test_names_about_a_credential_are_of_no_kind(name: str) -> None:
    assert kind_of(name) is None


@pytest.mark.parametrize("owner", PASS_OWNERS.split())
def test_pass_is_a_password_behind_its_owner(owner: str) -> None:
    assert kind_of(f"{owner}_pass") is Kind.PASSWORD
    assert kind_of(f"{owner}Pass") is Kind.PASSWORD
    assert kind_of(f"{owner}pass") is Kind.PASSWORD
    assert kind_of(f"{owner}_pass_rate") is None


def test_a_name_of_over_two_hundred_characters_is_of_no_kind() -> None:
    assert kind_of("x" * 191 + "_password") is Kind.PASSWORD
    assert kind_of("x" * 192 + "_password") is None
