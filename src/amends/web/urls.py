"""The addresses of the screens, each with the action of the permission table that it is for.

A test asks every address as every role: one that has no row here fails it.
"""

from typing import Final

from django.urls import path

from amends.web.views import cases, guide, home, yours

urlpatterns = [
    path("", home.home, name="home"),
    path("cases/", home.every, name="cases"),
    path("cases/new/", cases.raise_one, name="raise"),
    path("cases/at-the-scene/", cases.scene, name="scene"),
    path("cases/<int:number>/", cases.case, name="case"),
    path("cases/<int:number>/timeline/", cases.timeline, name="timeline"),
    path("cases/<int:number>/letters/<int:task>/", cases.letter, name="letter"),
    path("cases/<int:number>/<slug:name>/", cases.step, name="step"),
    path("search/", home.search, name="search"),
    path("search/facts/", home.find, name="find"),
    path("yours/", yours.yours, name="yours"),
    path("yours/<slug:name>/", yours.answer, name="your_answer"),
    path("link/<str:token>/", yours.link, name="link"),
    path("guide/", guide.guide, name="guide"),
    path("guide/sign-in/", guide.sign_in, name="guide_sign_in"),
    path("guide/letters/", guide.letters, name="guide_letters"),
    path("guide/letters/<str:name>", guide.letter, name="guide_letter"),
]
OPEN: Final = "a link"
"""For whoever holds a link: `amends.web.views.yours` asks for it, and the role `party` is what it may do."""
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
    "yours": OPEN,
    "your_answer": OPEN,
    "link": OPEN,
    "guide": None,
    "guide_sign_in": None,
    "guide_letters": None,
    "guide_letter": None,
}
"""The action that each address is for: None is for everybody who is signed in, * that of the step."""
