"""What was typed in a form that asks for a second factor stays, whatever comes between: in a real browser."""

from importlib import import_module

import pytest
from django.conf import settings as configured
from django.test import Client
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from amends.accounts import sessions
from amends.cases.actions import authorising
from amends.cases.models import Authority

REASONS = "A minor theft, put right."
PLACES = ("//textarea[@name='reasons']", "//input[@name='no_conflict']")


@pytest.fixture(autouse=True)
def production(settings):
    settings.AMENDS_PRODUCTION, settings.SECURE_SSL_REDIRECT = True, False


@pytest.fixture
def case(crew):
    made = crew.shoplifting()
    crew.does(authorising.consult_supervisor, made, crew.sergeant, words="Go ahead.")
    crew.does(authorising.ask_authority, made, of=crew.superintendent)
    return made


def factor(phone, given):
    """Have the force's directory say whether whoever is signed in gave a second factor."""
    store = import_module(configured.SESSION_ENGINE).SessionStore
    session = store(phone.driver.get_cookie("sessionid")["value"])
    session[sessions.DIRECTORY_FACTOR] = given
    session.save()


def filled(phone, crew, case):
    """The form of the signature, filled in."""
    phone.be(crew.superintendent)
    factor(phone, True)
    phone.go(f"/cases/{case.pk}/authorise/")
    reasons, tick = (phone.driver.find_element(By.XPATH, place) for place in PLACES)
    reasons.send_keys(REASONS)
    phone.driver.execute_script("arguments[0].click()", tick)
    return reasons


def press(phone):
    button = phone.driver.find_element(By.CSS_SELECTOR, "form[data-kept] button")
    phone.driver.execute_script("arguments[0].click()", button)


def says(phone, words):
    WebDriverWait(phone.driver, 20).until(lambda _: words in phone.text())


def test_it_stays_where_a_second_factor_is_asked_for_meanwhile(crew, phone, case):
    reasons = filled(phone, crew, case)
    factor(phone, False)
    press(phone)
    says(phone, "This needs a second factor. Your answers are still here")
    assert reasons.get_attribute("value") == REASONS
    phone.driver.execute_script("document.getElementById('amends-lost').textContent = ''")
    press(phone)
    says(phone, "This needs a second factor. Your answers are still here")
    factor(phone, True)
    press(phone)
    says(phone, "It is allowed.")
    assert Authority.objects.get(case=case).reasons == REASONS


def test_what_arrived_although_no_answer_did_is_not_called_a_sign_out(crew, phone, case):
    filled(phone, crew, case)
    form = phone.driver.find_element(By.CSS_SELECTOR, "form[data-kept]")
    pairs = phone.driver.execute_script("return [...new FormData(arguments[0])]", form)
    other = Client()
    other.cookies["sessionid"] = phone.driver.get_cookie("sessionid")["value"]
    assert other.post(f"/cases/{case.pk}/authorise/", dict(pairs)).status_code == 302
    phone.offline(True)
    press(phone)
    says(phone, "there may be no connection")
    phone.offline(False)
    phone.driver.get_log("browser")
    press(phone)
    says(phone, "It is allowed.")
    assert Authority.objects.filter(case=case).count() == 1
