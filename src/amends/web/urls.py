"""The addresses of the screens, each with the action of the permission table that it is for.

A test asks every address as every role: one that has no row here fails it.
"""

from typing import Final

from django.urls import path

from amends.web.views import (
    answering,
    cases,
    disclosures,
    guide,
    home,
    passwords,
    people,
    published,
    register,
    remedies,
    yours,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", home.every, name="cases"),
    path("cases/new/", cases.raise_one, name="raise"),
    path("cases/at-the-scene/", cases.scene, name="scene"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/timeline/", cases.timeline, name="timeline"),
    path("cases/<int:number>/letters/<int:task>/", cases.letter, name="letter"),
    path("cases/<int:number>/conflict/", answering.conflict, name="conflict"),
    path("cases/<int:number>/receipt/", answering.receipt, name="receipt"),
    path("cases/<int:number>/receipt.txt", answering.receipt_text, name="receipt_text"),
    path("cases/<int:number>/looks/", answering.looks, name="looks"),
    path("cases/<int:number>/<slug:name>/", cases.step, name="step"),
    path("search/", home.search, name="search"),
    path("search/facts/", home.find, name="find"),
    path("people/", people.people, name="people"),
    path("people/new/", people.account_open, name="account_open"),
    path("people/grades/", people.delegations, name="delegations"),
    path("people/grades/<int:number>/end/", people.delegation_end, name="delegation_end"),
    path("people/<int:number>/", people.account, name="account"),
    path("people/<int:number>/give/<slug:what>/", people.account_give, name="account_give"),
    path("people/<int:number>/end/<slug:what>/<int:held>/", people.account_end, name="account_end"),
    path("people/<int:number>/close/", people.account_close, name="account_close"),
    path("people/<int:number>/password/", people.account_password, name="account_password"),
    path(
        "choose-password/<str:uid>/<str:token>/", passwords.choose_password, name="choose_password"
    ),
    path("requests/", register.requests, name="requests"),
    path("requests/new/", register.request_new, name="request_new"),
    path("requests/<int:number>/", register.one_request, name="request"),
    path("requests/<int:number>/<slug:name>/", register.request_step, name="request_step"),
    path("disclosures/", disclosures.disclosures, name="disclosures"),
    path("disclosures/<slug:force>/", disclosures.disclosure_log, name="disclosure_log"),
    path("disclosures/<slug:force>.csv", disclosures.disclosure_log_csv, name="disclosure_log_csv"),
    path(
        "disclosures/<slug:force>.json", disclosures.disclosure_log_json, name="disclosure_log_json"
    ),
    path("disclosures/<slug:force>/<slug:name>/", disclosures.disclosure, name="disclosure"),
    path(
        "disclosures/<slug:force>/<slug:name>/files/<str:file>",
        disclosures.disclosure_file,
        name="disclosure_file",
    ),
    path("remedies/", remedies.remedies, name="remedies"),
    path("yours/", yours.yours, name="yours"),
    path("yours/leave/", yours.leave, name="yours_leave"),
    path("yours/<slug:name>/", yours.answer, name="your_answer"),
    path("link/<str:token>/", yours.link, name="link"),
    path("published/", published.published, name="published"),
    path("published/<path:name>", published.published, name="published"),
    path("guide/", guide.guide, name="guide"),
    path("guide/sign-in/", guide.sign_in, name="guide_sign_in"),
    path("guide/letters/", guide.letters, name="guide_letters"),
    path("guide/letters/<str:name>", guide.letter, name="guide_letter"),
]
OPEN: Final = "a link"
"""For whoever holds a link. In `amends.web.views.yours` the role `party` is what it may do; by one that an
administrator made somebody chooses a password, and does nothing else."""
PUBLIC: Final = "everybody"
"""For everybody, signed in or not: what a force published."""
FOR: Final = {
    "home": None,
    "cases": "cases.view",
    "raise": "cases.raise",
    "scene": "cases.raise",
    "case": "cases.view",
    "timeline": "cases.timeline",
    "letter": "cases.pass_on",
    "step": "*",
    "search": "cases.search",
    "find": "cases.search",
    "conflict": "cases.conflict",
    "receipt": "ledger.receipt",
    "receipt_text": "ledger.receipt",
    "looks": "ledger.looks",
    "people": "accounts.view",
    "account_open": "accounts.open",
    "delegations": "accounts.delegate",
    "delegation_end": "accounts.delegate",
    "account": "accounts.view",
    "account_give": "accounts.grant",
    "account_end": "accounts.grant",
    "account_close": "accounts.close",
    "account_password": "accounts.password",
    "choose_password": OPEN,
    "requests": "openness.view",
    "request_new": "openness.receive",
    "disclosures": PUBLIC,
    "disclosure_log": PUBLIC,
    "disclosure_log_csv": PUBLIC,
    "disclosure_log_json": PUBLIC,
    "disclosure": PUBLIC,
    "disclosure_file": PUBLIC,
    "request": "openness.view",
    "request_step": "*",
    "remedies": "cases.set_remedies",
    "yours": OPEN,
    "yours_leave": OPEN,
    "your_answer": OPEN,
    "link": OPEN,
    "published": None,
    "guide": None,
    "guide_sign_in": None,
    "guide_letters": None,
    "guide_letter": None,
}
"""The action that each address is for: None is for everybody who is signed in, * that of the step."""
