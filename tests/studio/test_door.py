"""Who may use the studio: only a browser that has opened the address with the key."""

from __future__ import annotations

import ast
import hmac
import inspect
from http.cookies import SimpleCookie

import pytest
from fastapi.testclient import TestClient

from mien.studio import key as key_module
from mien.studio.app import create_app
from mien.studio.key import Key
from tests.studio.visitor import ADDRESS, entered, visitor


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app(tmp_path_factory.mktemp("door") / "studio")


@pytest.fixture
def stranger(app):
    """A client of this computer that does not know the key."""
    return TestClient(app, base_url=ADDRESS, follow_redirects=False)


def paths(app) -> list[tuple[str, str]]:
    """Each route of the studio with each of its methods, and its files."""
    described = app.openapi()["paths"]
    routes = [(method.upper(), path) for path, methods in described.items() for method in methods]
    return [*routes, ("GET", "/static/js/app.js"), ("GET", "/openapi.json"), ("GET", "/nothing")]


def test_nothing_is_open_to_a_stranger(app, stranger):
    asked = paths(app)
    assert len(asked) > 40
    for method, path in asked:
        for key in ("", f"?key={app.state.key.token}"):  # only the page takes the key
            answer = stranger.request(method, path + key)
            assert answer.status_code == 403, f"{method} {path}{key}"
            assert answer.json()["error"]["kind"] == "Refused"
            assert "mien studio" in answer.json()["error"]["message"]


def test_the_page_tells_a_stranger_what_to_do(app, stranger):
    answer = stranger.get("/")
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    assert answer.headers["content-type"].startswith("text/html")
    assert "terminal" in answer.text and "终端" in answer.text
    assert app.state.key.token not in answer.text and app.state.key.ticket not in answer.text


def test_the_key_becomes_a_cookie_and_leaves_the_address(app, stranger):
    answer = stranger.get(app.state.key.url(""))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    (cookie,) = SimpleCookie(answer.headers["set-cookie"]).values()
    assert cookie["httponly"] and cookie["samesite"] == "Strict" and cookie["path"] == "/"
    assert cookie.value != app.state.key.token
    stranger.headers["cookie"] = f"{cookie.key}={cookie.value}"
    assert stranger.get("/api/about").status_code == stranger.get("/").status_code == 200


def test_a_link_from_elsewhere_gets_a_page_that_goes_on(app, stranger):
    """A redirect would come without the cookie: browsers hold strict cookies back after such a link."""
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    answer = stranger.get(app.state.key.url(""), headers=elsewhere)
    assert answer.status_code == 200 and 'content="0;url=/"' in answer.text
    assert "set-cookie" in answer.headers and app.state.key.token not in answer.text


@pytest.mark.parametrize(
    "wrong", ["", "x", "é", "%ff%00", "{short}", "{token}x", "{token} {token}"]
)
def test_wrong_keys_and_cookies(app, stranger, wrong):
    token, cookie = app.state.key.token, entered(app)
    wrong_key = wrong.format(short=token[:-1], token=token)
    answer = stranger.get("/", params={"key": wrong_key})
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    name, _, ticket = cookie.partition("=")
    wrong_ticket = wrong.format(short=ticket[:-1], token=ticket)
    for bad in (f"{name}={wrong_ticket}", f"other={ticket}", f"{name}={token}", f"{name}"):
        answer = stranger.get("/api/about", headers={"cookie": bad.encode()})
        assert answer.status_code == 403, bad
    other = f"a=b; {name}=x; {cookie} ; c=d"  # among others, and after a false one of the same name
    assert stranger.get("/api/about", headers={"cookie": other}).status_code == 200


def test_secrets_are_compared_in_constant_time():
    """No ``==`` or ``in`` on a secret: how long it takes must not tell how much is right."""
    tree = ast.parse(inspect.getsource(key_module))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Compare)]
    assert key_module.hmac.compare_digest is hmac.compare_digest


def test_two_studios_keep_their_own_cookies():
    one, other = Key(), Key()
    assert one.token != other.token and len(one.token) >= 43
    names = {
        key.cookie(f"127.0.0.1:{port}").partition("=")[0] for key, port in ((one, 1), (other, 2))
    }
    assert len(names) == 2
    both = "; ".join(
        each.cookie(f"127.0.0.1:{n}").partition(";")[0] for n, each in enumerate((one, other))
    )
    assert one.admits([both]) and other.admits([both]) and not Key().admits([both])


def test_each_start_has_a_new_key(tmp_path):
    first = create_app(tmp_path / "a")
    cookie = entered(first)
    second = create_app(tmp_path / "b")
    assert (
        TestClient(second, base_url=ADDRESS)
        .get("/api/about", headers={"cookie": cookie})
        .status_code
        == 403
    )
    assert first.state.key.token not in repr(first.state.key)


def test_a_web_socket_is_refused(app):
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), visitor(app).websocket_connect("/api/about"):
        pass
