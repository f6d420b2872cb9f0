"""Credentials for the tests, concatenated at run time, so that no file contains one."""

import base64
import json


def _b64(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


LETTERS = "aB3dE5fG7hJ9kL1mN2pQ4rS6tU8vW0xY"

JWT = f"{_b64({'alg': 'HS256', 'typ': 'JWT'})}.{_b64({'sub': '1234567890'})}.{LETTERS}"
PRIVATE_KEY = "\n".join(
    ("-----BEGIN RSA " + "PRIVATE KEY-----", LETTERS * 2, LETTERS, "-----END RSA PRIVATE KEY-----")
)

BY_FORM = {
    "retab live": "rt_" + "live_" + LETTERS,
    "retab test": "rt_" + "test_" + LETTERS,
    "retab legacy": "sk_" + "retab_" + LETTERS,
    "retab scoped": "acctk_" + LETTERS,
    "stripe": "sk_" + "live_" + LETTERS,
    "stripe restricted": "rk_" + "test_" + LETTERS,
    "stripe webhook": "whsec_" + LETTERS,
    "jwt": JWT,
    "aws": "AKIA" + "ABCDEFGH23456723",
    "aws session": "ASIA" + "ABCDEFGH23456723",
    "google": "AIza" + LETTERS + "abc",
    "google oauth": "ya29." + LETTERS,
    "github": "ghp_" + LETTERS + "abcd",
    "github fine": "github_pat_" + LETTERS,
    "gitlab": "glpat-" + LETTERS,
    "slack": "xoxb-" + "123456789012-" + LETTERS,
    "slack app": "xapp-" + "1-" + LETTERS,
    "openai": "sk-" + "proj-" + LETTERS,
    "sendgrid": "SG." + LETTERS[:22] + "." + LETTERS,
    "azure app": "abc8Q~" + LETTERS,
    "npm": "npm_" + LETTERS + "abcd",
    "hugging face": "hf_" + LETTERS,
    "private key": PRIVATE_KEY,
}
