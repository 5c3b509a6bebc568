"""A force's directory that does not exist: an OpenID Connect provider on this machine, for tests."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Directory:
    """The provider: whoever comes is `claims`, and what it was asked is kept."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.asked: list[dict[str, str]] = []
        self.challenges: dict[str, tuple[str, str]] = {}
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close it."""
        self.server.shutdown()
        self.server.server_close()

    def known(self) -> dict[str, Any]:
        """What a client may find out: where everything is."""
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        found = {f"{name}_endpoint": f"{self.url}/{path}" for name, path in paths.items()}
        return {
            **found, "issuer": self.url, "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }  # fmt: skip

    def authorize(self, query: dict[str, str]) -> str:
        """Let whoever comes in at once; where they are sent back to."""
        self.asked.append(query)
        code = secrets.token_urlsafe(8)
        self.challenges[code] = query.get("code_challenge", ""), query.get("nonce", "")
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        """The tokens for a code, if the one who asks began the journey (PKCE)."""
        challenge, nonce = self.challenges.pop(form.get("code", ""), ("", ""))
        made = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if not challenge or base64.urlsafe_b64encode(made).rstrip(b"=").decode() != challenge:
            return None
        now = int(time.time())
        claims = {
            "iss": self.url, "aud": form["client_id"], "iat": now, "exp": now + 60, "nonce": nonce,
            **self.claims,
        }  # fmt: skip
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "1"})
        return {"access_token": "a-token", "token_type": "Bearer", "id_token": signed}

    def jwks(self) -> dict[str, Any]:
        """The key that signs."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "1", "alg": "RS256", "use": "sig"}]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        directory = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                if parts.path == "/authorize":
                    self.send_response(302)
                    query = {name: one[0] for name, one in parse_qs(parts.query).items()}
                    self.send_header("Location", directory.authorize(query))
                    self.end_headers()
                    return
                self.say(
                    {
                        "/.well-known/openid-configuration": directory.known,
                        "/jwks": directory.jwks,
                        "/userinfo": lambda: directory.claims,
                    }[parts.path]()
                )

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {name: one[0] for name, one in parse_qs(body).items()}
                self.say(directory.token(form))

            def say(self, what: Any) -> None:
                data = json.dumps(what or {"error": "invalid_grant"}).encode()
                self.send_response(200 if what else 400)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler
