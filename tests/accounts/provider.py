"""A small provider of OpenID Connect on this machine: what a real one says, and whatever a false one may say."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "fundus", "geheim & lang:genug"


class Provider:
    """The provider: `person` is who logs in there, `claims` what its tokens say besides, `key` what it signs with."""

    def __init__(self, address: str) -> None:
        self.issuer = address
        self.key = RSAKey.generate_key(2048, {"kid": "eins", "alg": "RS256", "use": "sig"})
        self.signing: Any = self.key
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "eins"}
        self.person: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.issued: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []

    def authorize(self, address: str) -> dict[str, str]:
        """Do what a browser does there: log in, and come back with a code; return what it brings along."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.issued)}"
        self.issued[code] = asked
        return {"state": asked["state"], "code": code}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """Return an ID token for a code, once, to the client that it was given to."""
        asked = self.issued.pop(form["code"], None)
        login = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if asked is None or login != "fundus:geheim%20%26%20lang%3Agenug" or digest != asked["code_challenge"]:
            return None
        if form["redirect_uri"] != asked["redirect_uri"]:
            return None
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        said |= self.person | self.claims
        token = jwt.encode(
            self.header, {name: value for name, value in said.items() if value is not None}, self.signing
        )
        return {"id_token": token, "access_token": "x", "token_type": "Bearer"}

    def answer(self, path: str) -> dict[str, Any] | None:
        """Return the documents by which the site knows the provider."""
        self.asked.append(path)
        if path == "/.well-known/openid-configuration":
            at = self.issuer
            return {
                "issuer": at,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{at}/token",
                "jwks_uri": f"{at}/keys",
            }
        return {"keys": [self.key.as_dict(private=False)]} if path == "/keys" else None


def secret_key() -> OctKey:
    """Return the client's secret as a key, with which no token may be signed."""
    return OctKey.import_key(SECRET.ljust(64))


@contextmanager
def running() -> Iterator[Provider]:
    """Run a provider for the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.say(provider.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.say(provider.token(form, self.headers["Authorization"]))

        def say(self, answer: dict[str, Any] | None) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200 if answer else 400)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
