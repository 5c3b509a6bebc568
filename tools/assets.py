"""Copies the styles and scripts of the screens from node_modules to where the service serves them.

    npm ci && python tools/assets.py          # or: make assets

What may not be used outside GOV.UK is left out: the crown, and the typeface GDS Transport.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
FROM = ROOT / "node_modules"
TO = ROOT / "src" / "amends" / "web" / "static" / "vendor"
GOVUK = FROM / "govuk-frontend"
MOJ = FROM / "@ministryofjustice" / "frontend"
FILES = {
    "govuk-frontend.min.css": GOVUK / "dist" / "govuk" / "govuk-frontend.min.css",
    "govuk-frontend.min.js": GOVUK / "dist" / "govuk" / "govuk-frontend.min.js",
    "moj-frontend.min.css": MOJ / "moj" / "moj-frontend.min.css",
}
LICENCES = {
    "govuk-frontend": "Copyright (C) 2017 Crown Copyright (Government Digital Service)",
    "moj-frontend": "Copyright (C) 2018 Crown Copyright (Ministry of Justice)",
}
MIT = """The MIT License (MIT)

{whose}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES
OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""
_FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
_TYPEFACE = re.compile(r'"?GDS Transport"?,')
_URL = re.compile(r"url\([^)]*\)")
_MAP = re.compile(r"\n?(/\*|//)# sourceMappingURL=[^\n]*\n?")


def plain(css: str) -> str:
    """*css* without the typeface, without pictures from elsewhere and without a map."""
    bare = _TYPEFACE.sub("", _FONT_FACE.sub("", _MAP.sub("", css)))
    # The only pictures are those of the crown, and of MoJ components that are not used here.
    return _URL.sub("none", bare)


def made() -> dict[str, str]:
    """Every file by its name, as it is to be served."""
    found = {}
    for name, path in FILES.items():
        text = path.read_text("utf-8")
        found[name] = plain(text) if name.endswith(".css") else _MAP.sub("", text)
    for name, whose in LICENCES.items():
        found[f"{name}.LICENSE.txt"] = MIT.format(whose=whose)
    return found


def main() -> int:
    """Write them; 1 where npm has not fetched the packages."""
    if not GOVUK.is_dir():
        print("There are no packages to copy from. Run: npm ci", file=sys.stderr)
        return 1
    TO.mkdir(parents=True, exist_ok=True)
    for name, text in made().items():
        (TO / name).write_text(text, "utf-8")
    print(f"{len(FILES)} files in {TO.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
