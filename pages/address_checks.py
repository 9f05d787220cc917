"""Which addresses a page may have: not those of other pages, now or earlier, nor those that the site uses itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from .document import LANGUAGES, Bilingual
from .models.edition import Edition
from .models.page import Page, valid_address
from .public_urls import page_path


class AddressOwner(NamedTuple):
    """The page that an address belongs to; `title` is in the language of the address."""

    key: str
    page: int
    title: str


class AddressOwners:
    """The pages that have or had some addresses: a constant number of queries, however many these are.

    An address never goes to another page, because readers who kept its link are led to the page that had it.
    """

    def __init__(self, addresses: Iterable[Bilingual], *, drafts: bool = False):
        """Looks up approved editions; with `drafts` also working copies and editions that are in review."""
        self._owners: dict[tuple[str, str], list[AddressOwner]] = defaultdict(list)
        requested = list(addresses)
        has_address = Q(address_en__in={address.en for address in requested} - {""}) | Q(
            address_fr__in={address.fr for address in requested} - {""}
        )
        statuses = [Edition.Status.APPROVED, *([Edition.Status.IN_REVIEW] if drafts else [])]
        editions = Edition.objects.filter(has_address, status__in=statuses).select_related("page")
        for edition in editions.defer("document"):
            self._add(edition.page, edition)
        for page in Page.objects.filter(has_address) if drafts else ():
            self._add(page, page)

    def _add(self, page, row):
        for language in LANGUAGES:
            title = getattr(row, f"title_{language}") or str(page)
            address = getattr(row, f"address_{language}")
            self._owners[language, address].append(AddressOwner(page.key, page.pk, title))

    def owned_by_other(self, key: str, language: str, address: str) -> AddressOwner | None:
        """Returns a page that has or had the address, other than the one with this key."""
        return next((owner for owner in self._owners[language, address] if owner.key != key), None)


def problem_with_address(
    key: str,
    language: str,
    address: str,
    owners: AddressOwners,
    *,
    is_home: bool = False,
    link_to: Callable[[int], str] | None = None,
) -> str | None:
    """Says why the page with this key cannot be published at an address; None when it can.

    An empty address belongs to no page. `link_to` gives a path for the id of a page: with it, the sentence is safe
    HTML that links to the page that has the address.
    """
    if not address:
        return None
    if is_home:
        return _("The home page does not need an address. Leave this field empty.")
    try:
        valid_address(address)
    except ValidationError as error:
        return error.messages[0]
    values = {"address": address, "language": language_in_sentence(language)}
    if owner := owners.owned_by_other(key, language, address):
        text = _(
            "The page “%(page)s” already uses the address “%(address)s”. Choose another %(language)s address."
        )
        if link_to:
            return _linked_message(text, values, owner, link_to)
        return text % (values | {"page": owner.title})
    if not _is_page_path(page_path(language, address)):
        text = _("The site itself uses the address “%(address)s”. Choose another %(language)s address.")
        return text % values
    return None


def _linked_message(
    text: str, values: dict[str, str], owner: AddressOwner, link_to: Callable[[int], str]
) -> SafeString:
    page = f'<a href="{escape(link_to(owner.page))}">{escape(owner.title)}</a>'
    escaped = {name: escape(value) for name, value in values.items()}
    return mark_safe(escape(text) % (escaped | {"page": page}))


def _is_page_path(path: str) -> bool:
    """Asks the map of the site itself, so that there is no second list of its own addresses."""
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return False


def language_in_sentence(language: str) -> str:
    """Returns the name of a language as it stands within a sentence, in the active language."""
    return {"en": pgettext("in prose", "English"), "fr": pgettext("in prose", "French")}[language]
