"""The formats of keys that services give out: what they begin with, and what follows.

Each line of the table is a service, a prefix, what follows it, how many characters of that at least
(and at most), and what proves a key.
"""

import string
from dataclasses import dataclass, field
from enum import Enum


class Body(Enum):
    """What follows a prefix."""

    WORD = string.ascii_letters + string.digits
    URL_SAFE = string.ascii_letters + string.digits + "_-"
    DOTTED = string.ascii_letters + string.digits + "_-."
    BASE64 = string.ascii_letters + string.digits + "+/=_-"
    HEX = string.digits + "abcdefABCDEF"
    BASE32 = string.ascii_uppercase + "234567"
    CAPITALS = string.ascii_uppercase + string.digits
    ANY = string.ascii_letters + string.digits + "_-.+/=:$!~%*"


class Proof(Enum):
    """What a body must show for a key, where words could follow the same prefix."""

    NONE = "its length is enough"
    DIGIT = "a digit"
    RANDOM = "a run of letters and digits that no one would write"


@dataclass(frozen=True, slots=True)
class KeyFormat:
    """One prefix, what follows it, and from how many characters on it is a key.

    `starts` says that no letter or digit may precede the prefix: it is too short to be told from
    the end of a word. At most `most` characters are the body, all there are where it is 0.
    """

    prefix: bytes
    body: Body
    least: int
    most: int = 0
    proof: Proof = Proof.NONE
    starts: bool = False
    allowed: bytes = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "allowed", self.body.value.encode())


# For prefixes so short that they end words as well.
_STARTS = "STARTS"
_TABLE = """
Retab acctk_ URL_SAFE 12
OpenAI sk-proj- URL_SAFE 16
OpenAI sk-svcacct- URL_SAFE 16
OpenAI sk-admin- URL_SAFE 16
Anthropic sk-ant- URL_SAFE 16
OpenRouter sk-or- URL_SAFE 16
Langfuse sk-lf- URL_SAFE 16
LiteLLM sk- URL_SAFE 16 RANDOM STARTS
xAI xai- WORD 30 STARTS
Groq gsk_ WORD 30
Perplexity pplx- WORD 30
Replicate r8_ WORD 30 STARTS
HuggingFace hf_ WORD 30
HuggingFace api_org_ WORD 30
Fireworks fw_ WORD 20 RANDOM STARTS
Together tgp_v1_ URL_SAFE 20
Cerebras csk- WORD 30 STARTS
Voyage pa- URL_SAFE 30 RANDOM STARTS
Pinecone pcsk_ URL_SAFE 30
LangSmith lsv2_pt_ URL_SAFE 20
LangSmith lsv2_sk_ URL_SAFE 20
LlamaCloud llx- URL_SAFE 20
Firecrawl fc- HEX 32 STARTS
Tavily tvly- URL_SAFE 20
NVIDIA nvapi- URL_SAFE 30
Google AIza URL_SAFE 35
Google GOCSPX- URL_SAFE 20
Google ya29. DOTTED 20
Google 1//0 URL_SAFE 30 STARTS
AWS AKIA CAPITALS 16 16
AWS ASIA BASE32 16 16 DIGIT
AWS ASIA CAPITALS 16 16 RANDOM
AWS ABIA BASE32 16 16 DIGIT
AWS ACCA BASE32 16 16 DIGIT
Bedrock ABSK BASE64 80 STARTS
Alibaba LTAI WORD 12 DIGIT STARTS
Tencent AKID WORD 32 DIGIT STARTS
Scaleway SCW CAPITALS 17 DIGIT
Yandex AQVN URL_SAFE 30
GitHub ghp_ WORD 20
GitHub gho_ WORD 20
GitHub ghu_ WORD 20
GitHub ghs_ WORD 20
GitHub ghr_ WORD 20
GitHub github_pat_ URL_SAFE 20
GitLab glpat- URL_SAFE 16
GitLab gldt- URL_SAFE 16
GitLab glrt- URL_SAFE 16
GitLab glrtr- URL_SAFE 16
GitLab glptt- URL_SAFE 16
GitLab glft- URL_SAFE 16
GitLab glimt- URL_SAFE 16
GitLab glagent- URL_SAFE 16
GitLab gloas- URL_SAFE 16
GitLab glsoat- URL_SAFE 16
GitLab glcbt- URL_SAFE 16
GitLab glffct- URL_SAFE 16
Bitbucket ATBB WORD 24 DIGIT
Bitbucket ATCTT3 BASE64 40
Atlassian ATATT3 BASE64 40
Trello ATTA WORD 60 DIGIT
npm npm_ WORD 30
PyPI pypi- URL_SAFE 40
RubyGems rubygems_ HEX 40
NuGet oy2 WORD 43 RANDOM STARTS
crates.io cio WORD 32 RANDOM STARTS
Docker dckr_pat_ URL_SAFE 20
Docker dckr_oat_ URL_SAFE 20
Slack xoxb- URL_SAFE 10 DIGIT
Slack xoxp- URL_SAFE 10 DIGIT
Slack xoxa- URL_SAFE 10 DIGIT
Slack xoxr- URL_SAFE 10 DIGIT
Slack xoxs- URL_SAFE 10 DIGIT
Slack xoxc- URL_SAFE 10 DIGIT
Slack xoxd- BASE64 10 DIGIT
Slack xoxe- URL_SAFE 10 DIGIT
Slack xoxe.xoxp- URL_SAFE 10
Slack xoxe.xoxb- URL_SAFE 10
Slack xapp- URL_SAFE 10 DIGIT
Stripe whsec_ BASE64 16
Twilio SK HEX 32 DIGIT STARTS
Mailgun key- HEX 32 DIGIT STARTS
Mailgun pubkey- HEX 32 DIGIT
Resend re_ URL_SAFE 20 RANDOM STARTS
Brevo xkeysib- URL_SAFE 40
Brevo xsmtpsib- URL_SAFE 40
Mailchimp-Transactional md- URL_SAFE 20 RANDOM
Shopify shpat_ WORD 24
Shopify shpca_ WORD 24
Shopify shppa_ WORD 24
Shopify shpss_ WORD 24
Shopify shpua_ WORD 24
Shopify shptka_ WORD 24
Square sq0atp- URL_SAFE 20
Square sq0csp- URL_SAFE 20
Square sq0idp- URL_SAFE 20
Square EAAA URL_SAFE 56 DIGIT
Facebook EAA WORD 80 DIGIT STARTS
PayPal access_token$production$ ANY 20
PayPal access_token$sandbox$ ANY 20
Plaid access-production- URL_SAFE 30
Plaid access-sandbox- URL_SAFE 30
Plaid access-development- URL_SAFE 30
Razorpay rzp_live_ WORD 12
Razorpay rzp_test_ WORD 12
Flutterwave FLWSECK- URL_SAFE 12
Flutterwave FLWSECK_TEST- URL_SAFE 12
Mollie live_ WORD 28 RANDOM STARTS
Mollie test_ WORD 28 RANDOM STARTS
Adyen AQE BASE64 40 RANDOM STARTS
HubSpot pat-na1- URL_SAFE 30
HubSpot pat-na2- URL_SAFE 30
HubSpot pat-eu1- URL_SAFE 30
Notion secret_ WORD 36 RANDOM
Notion ntn_ WORD 36 STARTS
Linear lin_api_ WORD 20
Linear lin_oauth_ WORD 20
Figma figd_ URL_SAFE 20
Figma figdr_ URL_SAFE 20
ClickUp pk_ WORD 30 RANDOM STARTS
Typeform tfp_ URL_SAFE 30
Dropbox sl. URL_SAFE 60 STARTS
Contentful CFPAT- URL_SAFE 30
Postman PMAK- URL_SAFE 30
Frame.io fio-u- URL_SAFE 30
Readme rdme_ WORD 30
Supabase sbp_ WORD 36
Supabase sb_secret_ URL_SAFE 20
Vercel vcp_ WORD 24
Vercel vck_ WORD 24
Vercel vci_ WORD 24
Vercel vercel_blob_rw_ URL_SAFE 20
Netlify nfp_ WORD 30
Heroku HRKU- URL_SAFE 30
Render rnd_ WORD 20 RANDOM STARTS
Fly fm2_ BASE64 40
Fly fo1_ URL_SAFE 30
Cloudflare cfat_ URL_SAFE 30
Cloudflare cfut_ URL_SAFE 30
Databricks dapi HEX 32 DIGIT
Databricks dkea HEX 32 DIGIT
DigitalOcean dop_v1_ HEX 40
DigitalOcean doo_v1_ HEX 40
DigitalOcean dor_v1_ HEX 40
DigitalOcean dosv1_ HEX 40
Doppler dp.pt. WORD 30
Doppler dp.st. DOTTED 30
Doppler dp.ct. WORD 30
Doppler dp.sa. WORD 30
Doppler dp.scim. WORD 30
Doppler dp.audit. WORD 30
PlanetScale pscale_tkn_ DOTTED 20
PlanetScale pscale_pw_ DOTTED 20
PlanetScale pscale_oauth_ DOTTED 20
Neon napi_ WORD 30
Neon npg_ WORD 10 DIGIT
Prefect pnu_ WORD 30
Prefect pnb_ WORD 30
Grafana glsa_ URL_SAFE 20
Grafana glc_ BASE64 30
Sentry sntrys_ BASE64 30
Sentry sntryu_ WORD 30
NewRelic NRAK- WORD 20 STARTS
NewRelic NRJS- WORD 15
Dynatrace dt0c01. DOTTED 40
Dynatrace dt0s16. DOTTED 40
Honeycomb hcaik_ WORD 30
PostHog phx_ WORD 30 STARTS
LaunchDarkly sdk- URL_SAFE 36 RANDOM STARTS
LaunchDarkly api- URL_SAFE 36 RANDOM STARTS
Terraform .atlasv1. URL_SAFE 40
Vault hvs. URL_SAFE 24 STARTS
Vault hvb. URL_SAFE 24 STARTS
Vault hvr. URL_SAFE 24
Pulumi pul- HEX 40
CircleCI CCIPAT_ URL_SAFE 30
CircleCI CCIPRJ_ URL_SAFE 30
Buildkite bkua_ WORD 30
SonarQube squ_ HEX 40
SonarQube sqp_ HEX 40
SonarQube sqa_ HEX 40
JFrog AKCp WORD 60 STARTS
JFrog cmVmdGtu WORD 40
Tailscale tskey- URL_SAFE 20
1Password ops_eyJ URL_SAFE 40
age AGE-SECRET-KEY-1 WORD 30
Duffel duffel_live_ URL_SAFE 20
Duffel duffel_test_ URL_SAFE 20
EasyPost EZAK WORD 50 STARTS
EasyPost EZTK WORD 50 STARTS
Shippo shippo_live_ WORD 30
Shippo shippo_test_ WORD 30
Mapbox sk.eyJ DOTTED 40
Clojars CLOJARS_ HEX 50
Discord mfa. URL_SAFE 60
OpenAI sess- WORD 36 RANDOM
"""


def _read(line: str) -> KeyFormat:
    _, prefix, body, *rest = line.split()
    numbers = [int(part) for part in rest if part.isdigit()]
    proofs = [Proof[part] for part in rest if part in Proof.__members__]
    return KeyFormat(
        prefix.encode(),
        Body[body],
        numbers[0],
        numbers[1] if len(numbers) > 1 else 0,
        proofs[0] if proofs else Proof.NONE,
        _STARTS in rest,
    )


# Keys for use and for tests of several services, Retab's among them: `sk_live_`, `rt_test_`.
_MODES = tuple(
    KeyFormat(f"{kind}_{mode}_".encode(), Body.URL_SAFE, 10, proof=Proof.RANDOM)
    for kind in ("sk", "rk", "rt")
    for mode in ("live", "test", "retab", "prod", "sandbox", "sbox")
)
# Without a mode, so long a run that no column or article is named like it.
_BARE = tuple(
    KeyFormat(f"{kind}_".encode(), Body.WORD, 20, proof=Proof.RANDOM, starts=True)
    for kind in ("sk", "rk", "rt")
)
KEY_FORMATS = (*map(_read, _TABLE.strip().splitlines()), *_MODES, *_BARE)
