"""The screens: each page asks who you are, and does nothing but what an action does."""
