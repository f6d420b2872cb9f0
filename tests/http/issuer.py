"""A token issuer on a loopback socket."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

# The issuer names itself in its metadata.
USUAL = object()

AUDIENCE = "http://127.0.0.1:8000/mcp"


@dataclass
class Issuer:
    """A running issuer: its URL, the requests it received, and tokens that it signs."""

    url: str
    has_metadata: bool = True
    key_set: str = ""
    named: object = USUAL
    paths: list[str] = field(default_factory=list)
    keys: dict[str, rsa.RSAPrivateKey] = field(default_factory=dict)

    def add_key(self, kid: str) -> None:
        """Create and publish a signing key."""
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def token(self, subject: str, *, kid: str = "one", **claims: Any) -> str:
        """Return a token for `subject`, valid for a minute; `claims` override the default ones."""
        now = int(time.time())
        content = {"iss": self.url, "aud": AUDIENCE, "sub": subject, "iat": now, "exp": now + 60}
        content = {name: v for name, v in (content | claims).items() if v is not None}
        return jwt.encode(content, self.keys[kid], "RS256", {"kid": kid})

    def answer(self, path: str) -> str | None:
        """Return the document at a path."""
        self.paths.append(path)
        if path == "/.well-known/openid-configuration" and self.has_metadata:
            named = self.url if self.named is USUAL else self.named
            return json.dumps({"issuer": named, "jwks_uri": f"{self.url}/keys"})
        if path in ("/keys", "/.well-known/jwks.json"):
            keys = [
                {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}
                for kid, key in self.keys.items()
            ]
            return self.key_set or json.dumps({"keys": keys})
        return None


@contextmanager
def running_issuer() -> Iterator[Issuer]:
    """Run an issuer with one signing key."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = issuer.answer(self.path)
            self.send_response(200 if body else 404)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = Issuer(f"http://127.0.0.1:{server.server_port}")
    issuer.add_key("one")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
