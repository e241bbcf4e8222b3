"""CDS Hooks and OpenID tokens: one good token of each kind is taken, every mutation of it is refused, and nothing is fetched."""

from __future__ import annotations

import base64
import hmac
import json
import time
import uuid
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from starlette.testclient import TestClient
from tests.unit.service.conftest import BASE, settings

from fetuin.service import keys
from fetuin.service.app import create
from fetuin.service.refusal import Refusal

EC = ECKey.generate_key("P-384", {"kid": "ec", "use": "sig"})
RSA = RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"})
OTHER = ECKey.generate_key("P-384", {"kid": "ec"})
P256 = ECKey.generate_key("P-256", {"kid": "p256"})
ISS, OIDC = "https://ehr.example.org", "https://login.example.org"
AUD = f"{BASE}/cds-services"
PUBLIC = KeySet([EC, RSA, P256]).as_dict(private=False)
JKU = "https://ehr.example.org/jwks.json"
CLIENT = {"iss": ISS, "jku": JKU, "jwks": PUBLIC, "tenant": "north", "tenants": {"ward-1": "north"}}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    oidc = {"issuer": OIDC, "audience": "fetuin", "jwks": PUBLIC}
    app = create(settings(tmp_path_factory.mktemp("jwt"), auth=("cds-jwt", "oidc"), clients=(CLIENT,), oidc=oidc))
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    told = {"iss": ISS, "aud": AUD, "exp": now + 300, "iat": now, "jti": uuid.uuid4().hex} | changes
    return {k: v for k, v in told.items() if v is not None}


def header(**changes: Any) -> dict[str, Any]:
    told = {"alg": "ES384", "kid": "ec", "typ": "JWT"} | changes
    return {k: v for k, v in told.items() if v is not None}


def signed(head: dict[str, Any], body: dict[str, Any] | bytes, key: Any = EC, algorithm: str = "") -> str:
    algorithms = [algorithm or head.get("alg", "ES384")]
    payload = body if isinstance(body, bytes) else json.dumps(body).encode()
    return jws.serialize_compact(
        head,
        payload,
        key,
        algorithms=algorithms,
        registry=jws.JWSRegistry(algorithms=algorithms, strict_check_header=False),
    )


def b64(value: Any) -> str:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def got(client: TestClient, token: str) -> Any:
    return client.get("/cds-services", headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("head", "key"), [(header(), EC), (header(alg="RS384", kid="rsa"), RSA), (header(jku=JKU), EC)]
)
def test_a_good_token_is_taken(client: TestClient, head: dict[str, Any], key: Any) -> None:
    assert got(client, signed(head, claims(), key)).status_code == 200
    assert got(client, signed(head, claims(aud=["https://other", AUD], tenant="ward-1"), key)).status_code == 200


def test_a_post_needs_the_exact_address_of_its_service(client: TestClient) -> None:
    url = "/cds-services/fetuin-mechanism"
    right = signed(header(), claims(aud=BASE + url))
    answer = client.post(url, json={}, headers={"Authorization": f"Bearer {right}"})
    assert answer.status_code == 422  # the body is wrong, the token was not
    wrong = signed(header(), claims())
    assert client.post(url, json={}, headers={"Authorization": f"Bearer {wrong}"}).status_code == 401


def test_a_token_opens_nothing_but_cds_services(client: TestClient) -> None:
    for url in ("/api/session", "/fhir/metadata", "/metrics", "/api/jobs"):
        token = signed(header(), claims(aud=BASE + url))
        assert client.get(url, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def _with_public_key(algorithm: str, digest: str) -> str:
    """Signed with the public key as a shared secret: the oldest attack."""
    text = f"{b64(header(alg=algorithm))}.{b64(claims())}"
    return f"{text}.{b64(hmac.digest(EC.as_pem(private=False), text.encode(), digest))}"


def _tampered(part: int) -> str:
    pieces = signed(header(), claims()).split(".")
    piece = pieces[part]
    pieces[part] = piece[:-4] + ("AAAA" if not piece.endswith("AAAA") else "BBBB")
    return ".".join(pieces)


def _stretched() -> str:
    head, _, mark = signed(header(), claims()).split(".")
    return ".".join([head, b64(claims(tenant="south")), mark])


NOW = int(time.time())
MUTATIONS: dict[str, Callable[[], str]] = {
    "none": lambda: f"{b64(header(alg='none'))}.{b64(claims())}.",
    "None": lambda: f"{b64(header(alg='None'))}.{b64(claims())}.",
    "nOnE with signature": lambda: f"{b64(header(alg='nOnE'))}.{b64(claims())}.AAAA",
    "no alg": lambda: f"{b64(header(alg=None))}.{b64(claims())}.AAAA",
    "alg a list": lambda: f"{b64(header(alg=['ES384']))}.{b64(claims())}.AAAA",
    "HS256 with the public key": lambda: _with_public_key("HS256", "sha256"),
    "HS384 with the public key": lambda: _with_public_key("HS384", "sha384"),
    "HS512 with an empty-ish key": lambda: signed(header(alg="HS512"), claims(), OctKey.import_key("0" * 64, {"kid": "ec"})),
    "RS256": lambda: signed(header(alg="RS256", kid="rsa"), claims(), RSA),
    "RS512": lambda: signed(header(alg="RS512", kid="rsa"), claims(), RSA),
    "PS384": lambda: signed(header(alg="PS384", kid="rsa"), claims(), RSA),
    "ES256": lambda: signed(header(alg="ES256", kid="p256"), claims(), P256),
    "EdDSA": lambda: signed(header(alg="EdDSA", kid="ed"), claims(), OKPKey.generate_key("Ed25519", {"kid": "ed"})),
    "alg of the other key": lambda: f"{b64(header(alg='RS384', kid='ec'))}.{b64(claims())}.{signed(header(), claims()).split('.')[2]}",
    "another key under the same kid": lambda: signed(header(), claims(), OTHER),
    "unknown kid": lambda: signed(header(kid="nobody"), claims()),
    "no kid": lambda: signed(header(kid=None), claims()),
    "kid of another type": lambda: f"{b64(header(kid=7))}.{b64(claims())}.AAAA",
    "kid a path": lambda: signed(header(kid="../../dev/null"), claims()),
    "kid SQL": lambda: signed(header(kid="' OR 1=1 --"), claims()),
    "empty kid": lambda: signed(header(kid=""), claims()),
    "no typ": lambda: signed(header(typ=None), claims()),
    "another typ": lambda: signed(header(typ="at+jwt"), claims()),
    "own key in the header": lambda: signed(header(jwk=OTHER.as_dict(private=False)), claims(), OTHER),
    "certificate chain in the header": lambda: f"{b64(header(x5c=['AAAA']))}.{b64(claims())}.AAAA",
    "certificate address in the header": lambda: f"{b64(header(x5u='https://evil.example/c'))}.{b64(claims())}.AAAA",
    "crit": lambda: f"{b64(header(crit=['b64']))}.{b64(claims())}.AAAA",
    "jku of another host": lambda: signed(header(jku="https://evil.example/jwks.json"), claims()),
    "jku on this machine": lambda: signed(header(jku="http://127.0.0.1:9/jwks.json"), claims()),
    "jku of the metadata service": lambda: signed(header(jku="http://169.254.169.254/latest"), claims()),
    "jku with the listed one inside": lambda: signed(header(jku=JKU + "?x=evil"), claims()),
    "jku a file": lambda: f"{b64(header(jku='file:///etc/passwd'))}.{b64(claims())}.AAAA",
    "unknown issuer": lambda: signed(header(), claims(iss="https://evil.example")),
    "issuer with a slash more": lambda: signed(header(), claims(iss=ISS + "/")),
    "issuer in other letters": lambda: signed(header(), claims(iss=ISS.upper())),
    "issuer of another type": lambda: signed(header(), claims(iss=[ISS])),
    "no issuer": lambda: signed(header(), claims(iss=None)),
    "audience of the host": lambda: signed(header(), claims(aud=BASE)),
    "audience of another service": lambda: signed(header(), claims(aud=AUD + "/fetuin-mechanism")),
    "audience with a slash more": lambda: signed(header(), claims(aud=AUD + "/")),
    "audience in other letters": lambda: signed(header(), claims(aud=AUD.upper())),
    "audience an object": lambda: signed(header(), claims(aud={"a": AUD})),
    "no audience": lambda: signed(header(), claims(aud=None)),
    "expired": lambda: signed(header(), claims(exp=NOW - 120, iat=NOW - 300)),
    "no expiry": lambda: signed(header(), claims(exp=None)),
    "expiry as text": lambda: signed(header(), claims(exp="9999999999")),
    "expiry true": lambda: signed(header(), claims(exp=True)),
    "lives a year": lambda: signed(header(), claims(exp=NOW + 31_000_000)),
    "issued tomorrow": lambda: signed(header(), claims(iat=NOW + 86_400, exp=NOW + 86_700)),
    "not before tomorrow": lambda: signed(header(), claims(nbf=NOW + 86_400)),
    "no issue time": lambda: signed(header(), claims(iat=None)),
    "no number": lambda: signed(header(), claims(jti=None)),
    "empty number": lambda: signed(header(), claims(jti="")),
    "number of another type": lambda: signed(header(), claims(jti=7)),
    "unknown tenant": lambda: signed(header(), claims(tenant="south")),
    "tenant a list": lambda: signed(header(), claims(tenant=["ward-1"])),
    "header changed": lambda: _tampered(0),
    "claims changed": lambda: _tampered(1),
    "signature changed": lambda: _tampered(2),
    "claims exchanged": _stretched,
    "no signature": lambda: signed(header(), claims()).rpartition(".")[0] + ".",
    "two parts": lambda: signed(header(), claims()).rpartition(".")[0],
    "four parts": lambda: signed(header(), claims()) + ".AAAA",
    "claims twice in one object": lambda: signed(header(), json.dumps(claims())[:-1].encode() + b', "aud": "' + AUD.encode() + b'"}'),
    "claims a list": lambda: signed(header(), b"[1]"),
    "claims no JSON": lambda: signed(header(), b"\xff\xfe"),
    "NaN in the claims": lambda: signed(header(), json.dumps(claims())[:-1].encode() + b', "nbf": NaN}'),
    "nested deep": lambda: signed(header(), b'{"a":' + b"[" * 500 + b"]" * 500 + b"}"),
    "oversized": lambda: signed(header(), claims(note="x" * 9000)),
    "no base64": lambda: "é.é.é",
    "empty": lambda: "..",
}  # fmt: skip


def test_there_are_enough_mutations() -> None:
    assert len(MUTATIONS) >= 40


@pytest.mark.parametrize("name", MUTATIONS)
def test_every_mutation_is_refused_at_once_and_nothing_is_fetched(
    client: TestClient, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[str] = []
    monkeypatch.setattr(keys, "fetch", lambda url, **_: fetched.append(url))
    token = MUTATIONS[name]()
    begun = time.process_time()
    answer = client.get("/cds-services", headers={"Authorization": b"Bearer " + token.encode()})
    assert answer.status_code == 401
    assert time.process_time() - begun < 0.5
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert fetched == []


def test_a_token_is_taken_once(client: TestClient) -> None:
    token = signed(header(), claims())
    assert [got(client, token).status_code for _ in range(3)] == [200, 401, 401]


def test_a_refused_token_does_not_use_up_its_number(client: TestClient) -> None:
    told = claims()
    assert got(client, signed(header(), told, OTHER)).status_code == 401
    assert got(client, signed(header(), told)).status_code == 200


def test_without_a_token_discovery_is_closed(client: TestClient) -> None:
    answer = client.get("/cds-services")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


# --- key sets from the listed address ---


class _Keys(BaseHTTPRequestHandler):
    body, status, asked = b"", 200, 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.status)
        if self.status == 302:
            self.send_header("Location", "http://127.0.0.1:9/")
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[str]:
    found = HTTPServer(("127.0.0.1", 0), _Keys)
    Thread(target=found.serve_forever, daemon=True).start()
    _Keys.body, _Keys.status, _Keys.asked = json.dumps(PUBLIC).encode(), 200, 0
    keys._kept.clear()
    yield f"http://127.0.0.1:{found.server_port}/jwks.json"
    found.shutdown()


def test_keys_are_fetched_from_the_listed_address_and_kept(server: str, tmp_path: Any) -> None:
    app = create(
        settings(
            tmp_path,
            auth=("cds-jwt",),
            clients=({"iss": ISS, "jku": server, "tenant": "north"},),
            private_networks=True,
        )
    )
    with TestClient(app, base_url=BASE) as c:
        for _ in range(3):
            assert got(c, signed(header(jku=server), claims())).status_code == 200
    assert _Keys.asked == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1/k", "https://127.0.0.1/k", "https://localhost/k", "https://[::1]/k", "https://10.0.0.1/k",
                                 "https://169.254.169.254/k", "https://192.168.1.1/k", "https://0.0.0.0/k", "https://[::ffff:127.0.0.1]/k",
                                 "ftp://example.org/k", "https://user@127.0.0.1/k", "file:///etc/passwd"])  # fmt: skip
def test_no_private_address_is_fetched(url: str) -> None:
    with pytest.raises(Refusal):
        keys.fetch(url)


def test_redirects_are_not_followed_and_large_answers_are_cut(server: str) -> None:
    _Keys.status = 302
    with pytest.raises(Refusal, match="no answer"):
        keys.fetch(server, private=True)
    _Keys.status, _Keys.body = 200, b"x" * (keys.MOST_BYTES + 1)
    with pytest.raises(Refusal, match="too much"):
        keys.fetch(server, private=True)
    _Keys.body = b"x" * keys.MOST_BYTES
    assert len(keys.fetch(server, private=True)) == keys.MOST_BYTES


# --- OpenID Connect ---


def access(**changes: Any) -> str:
    told = {
        "iss": OIDC,
        "aud": "fetuin",
        "sub": "anna",
        "exp": int(time.time()) + 300,
        "tenant": "north",
        "roles": ["viewer", "analyst"],
    }
    body = {k: v for k, v in (told | changes).items() if v is not None}
    return jwt.encode({"alg": "ES384", "kid": "ec"}, body, EC, algorithms=["ES384"])


def test_an_access_token_says_who_and_what_role(client: TestClient) -> None:
    told = client.get("/api/session", headers={"Authorization": f"Bearer {access()}"}).json()
    assert (told["tenant"], told["role"], told["mode"]) == ("north", "analyst", "oidc")


@pytest.mark.parametrize("changes", [{"iss": "https://evil.example"}, {"aud": "another"}, {"exp": 1}, {"exp": None}, {"sub": None}, {"roles": []},
                                     {"roles": ["root"]}, {"tenant": None}, {"tenant": 7}, {"nbf": 9_999_999_999}])  # fmt: skip
def test_an_access_token_that_is_wrong_is_refused(client: TestClient, changes: dict[str, Any]) -> None:
    assert client.get("/api/session", headers={"Authorization": f"Bearer {access(**changes)}"}).status_code == 401
