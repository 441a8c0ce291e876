"""A real browser at the studio's door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.chromium import served

from mien.studio.opening import write_opener
from tests.studio.browser import need_browser

need_browser()


def test_the_page_that_the_command_opens_leads_into_the_studio(
    browser: Any, tmp_path: Path
) -> None:
    with served(tmp_path / "studio") as studio:
        page = browser.new_page()
        referrers: list[str | None] = []
        page.on("request", lambda request: referrers.append(request.headers.get("referer")))
        page.goto(write_opener(studio.url, tmp_path / "studio").as_uri())
        page.wait_for_selector("html[data-ready]")
        assert page.url == f"{studio.address}/" and page.evaluate("document.referrer") == ""
        assert len(referrers) > 5 and not any(referrers)
        (cookie,) = page.context.cookies()
        assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
        assert page.evaluate("document.cookie") == ""
        page.close()


def test_a_link_on_a_page_from_elsewhere_leads_in_too(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path / "studio") as studio:
        page = browser.new_page()
        page.route(
            "http://example.com/",
            lambda route: route.fulfill(
                body=f'<a href="{studio.url}">open</a>', content_type="text/html"
            ),
        )
        page.goto("http://example.com/")
        page.click("a")
        page.wait_for_selector("html[data-ready]")
        assert page.url == f"{studio.address}/"
        page.close()


def test_two_studios_side_by_side(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path / "a") as one, served(tmp_path / "b") as other:
        context = browser.new_context()
        pages = [context.new_page() for _ in range(2)]
        for page, studio in zip(pages, (one, other), strict=True):
            page.goto(studio.url)
            page.wait_for_selector("html[data-ready]")
        pages[0].reload()  # the second has not taken its cookie away
        pages[0].wait_for_selector("html[data-ready]")
        assert len(context.cookies()) == 2
        context.close()


def test_without_the_key_there_is_a_page_that_says_so(browser: Any, tmp_path: Path) -> None:
    with served(tmp_path / "studio") as studio:
        page = browser.new_page()
        answer = page.goto(f"{studio.address}/")
        assert answer.status == 403 and "needs the key" in page.inner_text("body")
        page.goto(studio.url)
        page.wait_for_selector("html[data-ready]")
        page.close()
