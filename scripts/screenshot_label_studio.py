#!/usr/bin/env python3
"""A picture of the labeling page with spans, relations and attributes, on a server of scripts/label_studio.sh.

    scripts/label_studio.sh
    pip install playwright 'zhibiao[annotate]' && playwright install chromium
    scripts/screenshot_label_studio.py --output docs/label_studio.png

Makes a project with one annotated paragraph of ours, opens it in headless Chromium, selects a VALUE, hides the arrows
of the other VALUEs (as the eyes of the list of relations do), and removes the project again. A Chromium in the PATH is
preferred to playwright's; Chinese fonts (Noto Sans CJK) must be installed. The password and the token are those that
the server's first start made.
"""

from __future__ import annotations

import argparse
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from zhibiao.annotate.client import LabelStudioServer
from zhibiao.annotate.credentials import read_token
from zhibiao.annotate.interface import labeling_config
from zhibiao.annotate.tasks import to_task
from zhibiao.core.codec import read_annotated
from zhibiao.core.records import AnnotatedText
from zhibiao.core.schema import default_schema

if TYPE_CHECKING:
    from playwright.sync_api import Page

GOLD = Path(__file__).resolve().parents[1] / "data" / "gold" / "train.jsonl"
USER = "zhibiao@example.com"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDTH, HEIGHT = 1400, 800
LOAD_MS = 120_000
SETTLE_MS = 3_000
REGION = "[class*=richtext] .htx-highlight"
OTHERS_HIDDEN = """() => {
  const {relationStore, selectedRegions: [selected]} = Htx.annotationStore.selected;
  const others = relationStore.relations.filter(relation => relation.node1 !== selected);
  others.forEach(relation => relation.toggleVisibility());
  const attributes = selected.results.filter(result => result.type === "choices");
  return [relationStore.relations.length - others.length, attributes.length];
}"""


@contextmanager
def page_of(server: LabelStudioServer, token: str, text: AnnotatedText) -> Iterator[str]:
    """The address of the labeling page of ``text``, finished, in a project that is removed afterwards."""
    from label_studio_sdk import LabelStudio

    project = server.create_project("zhibiao", labeling_config(default_schema()), annotators=1).id
    try:
        server.import_tasks(project, [to_task(text, as_="annotations")], before_repeating=list)
        [task] = server.task_heads(project)
        yield f"{server.url}projects/{project}/data?task={task['id']}"
    finally:
        LabelStudio(base_url=server.url, api_key=token).projects.delete(project)


def log_in(page: Page, url: str, password: str) -> None:
    """Open a session."""
    page.goto(f"{url}user/login")
    page.fill("input[name=email]", USER)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/user/login" not in address)


def picture(page: Page, address: str, value: str, output: Path) -> None:
    """Select the VALUE that reads ``value`` and save what the page shows."""
    page.goto(address)
    region = page.locator(REGION).filter(has_text=value).first
    region.wait_for()
    page.wait_for_timeout(SETTLE_MS)
    region.click()
    page.locator("#Relations-draggable").first.click()
    relations, attributes = page.evaluate(OTHERS_HIDDEN)
    if not relations or attributes != len(default_schema().attributes):
        raise SystemExit(f"{value!r} has {relations} relations and {attributes} attributes on the page: is it a VALUE?")
    page.wait_for_timeout(SETTLE_MS)
    output.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=output)


def main() -> None:
    """Read the options and take the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    parser.add_argument("--url", default="http://127.0.0.1:8080/")
    parser.add_argument("--data", type=Path, default=Path(home, "zhibiao", "label-studio"), help="has token, password")
    parser.add_argument("--gold", type=Path, default=GOLD, help="annotated texts")
    parser.add_argument("--id", default="wb-quanguo-02#2", help="which of them")
    parser.add_argument("--value", default="2.2", help="the VALUE to select")
    parser.add_argument("--output", type=Path, default=Path("docs/label_studio.png"))
    options = parser.parse_args()
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise SystemExit("playwright is missing: pip install playwright && playwright install chromium") from None

    text = next((row for row in read_annotated(options.gold) if row.id == options.id), None)
    if text is None:
        raise SystemExit(f"{options.gold} has no text {options.id}")
    token = read_token(options.data / "token", {})
    server = LabelStudioServer(options.url, token)
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with page_of(server, token.value, text) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=browser_path)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="zh-CN")
        page.set_default_timeout(LOAD_MS)
        log_in(page, server.url, (options.data / "password").read_text(encoding="utf-8").strip())
        picture(page, address, options.value, options.output)
        browser.close()
    print(options.output)


if __name__ == "__main__":
    main()
