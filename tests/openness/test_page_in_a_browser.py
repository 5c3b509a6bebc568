"""The page of a publication in a real browser, on a phone and on a desk: nobody is shut out, nothing is too wide."""

import pytest
from selenium.webdriver.common.by import By

from amends.openness.publishing.folder import build
from support.browser import DESK, PHONE, Browser, need
from support.publishing import about, proved, source


@pytest.fixture(scope="module", params=[PHONE, DESK])
def browser(request, tmp_path_factory):
    need()
    long = "Offences against the person by somebody known, in a place that has a long name"
    made = build(about(), [source(proved(labels=(long, "r1", "r2"), title=f"Cases: {long}"))], "1")
    folder = tmp_path_factory.mktemp("page")
    for name, data in made.files.items():
        (folder / name).write_bytes(data)
    one = Browser(request.param)
    one.driver.get((folder / "index.html").as_uri())
    yield one
    one.close()


def test_axe_finds_nothing_and_nothing_is_wider_than_the_window(browser):
    browser.check()
    browser.shot(f"publication-{browser.driver.get_window_size()['width']}")


def test_every_table_has_its_caption_and_its_heads(browser):
    (table,) = browser.driver.find_elements(By.TAG_NAME, "table")
    assert table.find_element(By.TAG_NAME, "caption").text.startswith("Cases: Offences")
    assert {
        one.get_attribute("scope") for one in table.find_elements(By.CSS_SELECTOR, "thead th")
    } == {"col"}
    assert len(table.find_elements(By.CSS_SELECTOR, "tbody th[scope=row]")) == 4


def test_the_headline_is_first_and_there_is_no_script(browser):
    headline = browser.driver.find_element(By.CLASS_NAME, "headline")
    assert headline.text == "1,957 cases were settled."
    assert headline.location["y"] < browser.driver.find_element(By.TAG_NAME, "table").location["y"]
    assert "<script" not in browser.driver.execute_script(
        "return fetch ? document.body.innerHTML : ''"
    )


def test_a_table_that_is_too_wide_can_be_moved_by_keys(browser):
    region = browser.driver.find_element(By.CLASS_NAME, "scroll")
    assert (region.get_attribute("role"), region.get_attribute("tabindex")) == ("region", "0")
    caption = browser.driver.find_element(By.CSS_SELECTOR, "caption strong")
    assert caption.size["width"] <= browser.driver.execute_script("return window.innerWidth")
