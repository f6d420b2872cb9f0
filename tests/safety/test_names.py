import pytest

from retab_mcp.safety.names import is_secret_key

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
