"""Texts of rows in the language that is active, or in the other one where nothing is written in it."""

from django.utils.translation import get_language

from ..document import LANGUAGES


def in_active_language(row, name):
    """Returns a text of a row in the active language; in the other one where there is none; "" where it has neither.

    The column of the other one is looked at only then: it may not have been read from the database.
    """
    return next((text for _language, text in _texts(row, name) if text), "")


def other_language_shown(row, name):
    """Returns the language of that text where it is not the active one; "" where it is, and where there is no text."""
    language = next((language for language, text in _texts(row, name) if text), "")
    return "" if language == get_language() else language


def active_language_first():
    """Returns both languages in the order in which somebody reads them whose screens are in the active one."""
    active = get_language()
    return tuple(sorted(LANGUAGES, key=lambda language: language != active))


def _texts(row, name):
    for language in active_language_first():
        yield language, getattr(row, f"{name}_{language}")
