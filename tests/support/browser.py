"""A real browser, driven as a person would: by what can be seen, with every tap counted."""

import base64
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUIET = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
PHONE, DESK = 360, 1280
SHOTS = os.environ.get("AMENDS_SHOTS", "")


def missing() -> str:
    """What is not here that a browser test needs; empty where all is."""
    if not shutil.which("chromium") or not shutil.which("chromedriver"):
        return "no chromium and chromedriver (apt-get install chromium chromium-driver)"
    return "" if AXE.exists() else "no axe-core (npm ci)"


def need() -> None:
    """Skip with the reason where a browser test cannot run here; fail where CI says that it must."""
    if reason := missing():
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs the browser tests: {reason}")
        pytest.skip(reason)


class Browser:
    """A window of some width, on a service at some address; with or without the scripts of its pages."""

    def __init__(self, width: int = PHONE, *, scripts: bool = True) -> None:
        options = webdriver.ChromeOptions()
        self.profile = tempfile.mkdtemp(prefix="amends-browser-")
        for word in (*QUIET, f"--window-size={width},900", f"--user-data-dir={self.profile}"):
            options.add_argument(word)
        if width < 500:
            metrics = {"width": width, "height": 800, "pixelRatio": 1.0}
            options.add_experimental_option("mobileEmulation", {"deviceMetrics": metrics})
        options.binary_location = shutil.which("chromium") or ""
        self.driver = webdriver.Chrome(
            options=options, service=Service(shutil.which("chromedriver"))
        )
        self.driver.set_page_load_timeout(30)
        self.driver.set_script_timeout(30)
        if not scripts:
            # Every script of ours is a file of its own: not loaded, it is as if there were none.
            self.driver.execute_cdp_cmd("Network.enable", {})
            self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": ["*.js"]})
        self.scripts = scripts
        self.base = ""
        self.taps = 0

    def close(self) -> None:
        """Close it, and forget everything."""
        self.driver.quit()
        shutil.rmtree(self.profile, ignore_errors=True)

    # --- going about ------------------------------------------------------------------------------

    def be(self, user: Any) -> None:
        """Be signed in as *user*, as a sign-in would have left it."""
        client = Client()
        client.force_login(user)
        self.driver.get(f"{self.base}/alive")
        self.driver.delete_all_cookies()
        value = client.cookies["sessionid"].value
        self.driver.add_cookie({"name": "sessionid", "value": value, "path": "/"})

    def again(self, user: Any) -> None:
        """Sign in again, as in another tab: the page that is open stays as it is."""
        client = Client()
        client.force_login(user)
        value = client.cookies["sessionid"].value
        self.driver.add_cookie({"name": "sessionid", "value": value, "path": "/"})

    def go(self, path: str) -> None:
        """Open the page at *path*."""
        self.driver.get(f"{self.base}{path}")
        self.check()

    def tap(self, what: str) -> None:
        """Tap what says *what*: a button, a link, or the label of a choice; one tap more."""
        self.taps += 1
        before = self.driver.find_element(By.TAG_NAME, "html")
        found = self.find(what)
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
        found.click()
        if found_leaves(found):
            WebDriverWait(self.driver, 20).until(lambda _: gone(before))
            WebDriverWait(self.driver, 20).until(lambda d: d.find_elements(By.TAG_NAME, "h1"))
            self.check()

    def find(self, what: str) -> WebElement:
        """The first thing that can be tapped and says *what*."""
        quoted = f'"{what}"'
        for path in (
            f"//button[normalize-space()={quoted}]", f"//a[normalize-space()={quoted}]",
            f"//label[normalize-space()={quoted}]", f"//label[starts-with(normalize-space(), {quoted})]",
            f"//summary[contains(normalize-space(), {quoted})]", f"//a[contains(normalize-space(), {quoted})]",
        ):  # fmt: skip
            shown = [one for one in self.driver.find_elements(By.XPATH, path) if one.is_displayed()]
            if shown:
                return shown[0]
        raise AssertionError(
            f"Nothing says {what!r} on the page {self.driver.title!r}:\n{self.text()}"
        )

    def choose(self, question: str, answer: str) -> None:
        """Tap the *answer* to a *question* of several choices."""
        self.taps += 1
        path = (
            f'//fieldset[legend[contains(normalize-space(), "{question}")]]'
            f'//label[starts-with(normalize-space(), "{answer}")]'
        )
        found = self.driver.find_elements(By.XPATH, path)
        assert found, (
            f"No choice {answer!r} of {question!r} on {self.driver.title!r}:\n{self.text()}"
        )
        found[0].click()

    def pick(self, question: str, answer: str) -> None:
        """Pick the *answer* from the list of a *question*: a tap."""
        self.taps += 1
        Select(self.field(question)).select_by_visible_text(answer)

    def pick_with(self, question: str, part: str) -> None:
        """Pick the first answer that holds *part*: a tap."""
        self.taps += 1
        listed = Select(self.field(question))
        text = next(one.text for one in listed.options if part in one.text)
        listed.select_by_visible_text(text)

    def write(self, question: str, text: str) -> None:
        """Write *text* as the answer to a *question*; the keyboard's Next goes from box to box."""
        field = self.field(question)
        field.clear()
        field.send_keys(text)

    def date(self, question: str, day: int, month: int, year: int) -> None:
        """Write a day in three boxes."""
        path = f'//fieldset[legend[contains(normalize-space(), "{question}")]]//input[@type="text"]'
        for box, part in zip(
            self.driver.find_elements(By.XPATH, path), (day, month, year), strict=True
        ):
            box.clear()
            box.send_keys(str(part))

    def field(self, question: str) -> WebElement:
        """The box that a *question* labels."""
        path = f'//label[starts-with(normalize-space(), "{question}")]'
        labels = self.driver.find_elements(By.XPATH, path)
        assert labels, f"No question {question!r} on {self.driver.title!r}:\n{self.text()}"
        return self.driver.find_element(By.ID, labels[0].get_attribute("for"))

    # --- looking ----------------------------------------------------------------------------------

    def text(self) -> str:
        """What can be read on the page."""
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def check(self) -> None:
        """Every page: a heading, nothing refused by its own policy, and nothing that shuts anybody out."""
        assert self.driver.find_elements(By.TAG_NAME, "h1"), self.text()
        wrong = (
            []
            if not self.scripts
            else [
                m["message"]
                for m in self.driver.get_log("browser")
                if "status of 4" not in m["message"]
            ]
        )
        assert not wrong, wrong
        self.driver.execute_script(AXE.read_text("utf-8"))
        script = (
            "var done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: {type: 'tag', values: arguments[0]}}).then(done, done)"
        )
        found = self.driver.execute_async_script(script, RULES)
        told = [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found["violations"]]
        assert not told, (self.driver.title, told)
        wide = self.driver.execute_script(
            "return document.documentElement.scrollWidth - window.innerWidth"
        )
        assert wide <= 0, f"{self.driver.title} is {wide} pixels wider than the window"

    def shot(self, name: str) -> None:
        """Keep a picture of the whole page, where AMENDS_SHOTS names a folder."""
        if not SHOTS:
            return
        size = self.driver.execute_script(
            "return [document.documentElement.clientWidth, document.body.scrollHeight]"
        )
        clip = {"x": 0, "y": 0, "width": size[0], "height": min(size[1], 6000), "scale": 1}
        told = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip}
        )
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        (Path(SHOTS) / f"{name}.png").write_bytes(base64.b64decode(told["data"]))

    def offline(self, lost: bool) -> None:
        """Lose the connection, or find it again."""
        self.driver.execute_cdp_cmd("Network.enable", {})
        told = {"offline": lost, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", told)


def found_leaves(element: WebElement) -> bool:
    """Whether tapping *element* leaves the page."""
    try:
        return element.tag_name in ("a", "button")
    except Exception:  # it is gone already, and so is the page
        return True


def gone(page: WebElement) -> bool:
    """Whether the *page* that was there has been replaced."""
    try:
        page.is_enabled()
    except Exception:  # stale: another page is there
        return True
    return False
