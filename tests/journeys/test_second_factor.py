"""A second factor is set up with a phone's camera or by typing; and after Back a form is alive: in a real browser."""

from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.cache import cache

from amends.cases.models import Case
from support.record import person

PASSWORD = "an invented password 7"


def test_a_second_factor_is_set_up_and_asked_for(crew, phone):
    cache.clear()
    made = person(crew.force, "administrator", name="invented.boss")
    made.set_password(PASSWORD)
    made.save()
    phone.go("/sign-in/")
    phone.write("Username", "invented.boss")
    phone.write("Password", PASSWORD)
    phone.tap("Sign in")
    phone.go("/two-factor/")
    phone.shot("two-factor")
    phone.tap("Activate")
    if "Enter your password" in phone.text():
        phone.shot("two-factor-password")
        phone.driver.find_element("css selector", "input[type=password]").send_keys(PASSWORD)
        phone.tap("Confirm")
    phone.shot("two-factor-code")
    image = phone.driver.find_element("css selector", "img.amends-qr")
    assert phone.driver.execute_script("return arguments[0].naturalWidth", image) > 0
    secret = phone.driver.find_element("id", "authenticator_secret").get_attribute("value")
    phone.driver.find_element("id", "id_code").send_keys("000000")
    phone.tap("Activate")
    phone.shot("two-factor-wrong")
    secret = phone.driver.find_element("id", "authenticator_secret").get_attribute("value")
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    phone.driver.find_element("id", "id_code").send_keys(code)
    phone.tap("Activate")
    phone.shot("two-factor-active")
    phone.go("/two-factor/")
    assert "Authentication using an authenticator app is active" in phone.text()


def test_after_back_the_button_is_alive(crew, phone):
    phone.be(crew.officer)
    phone.go("/cases/new/")
    phone.write("Reference", "INV/BACK/1")
    phone.tap("Raise the case")
    phone.driver.back()
    box = phone.field("Reference")
    box.clear()
    box.send_keys("INV/BACK/2")
    phone.tap("Raise the case")
    assert "INV/BACK/2" in phone.text() or "before" in phone.text()
    assert Case.objects.filter(reference="INV/BACK/1").exists()
