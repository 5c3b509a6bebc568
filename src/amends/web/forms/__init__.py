"""The questions of every page, as forms: what is typed is read here, and done by an action."""
