"""Copies of pages and of blocks: new working copies, under keys and addresses that nothing else has."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import working_copy
from .address_checks import AddressOwners, problem_with_address
from .document import LANGUAGES, Bilingual, Block, Document
from .field_kinds import Kind, names_of
from .fields import new_key
from .models.page import Page
from .page_links import PageLink, replace_hrefs

# How many pages are copied at once, at most.
MAX_PAGES = 100
# How often a number is tried behind an address or a key before one is made up.
MAX_NUMBERED = 20
# What the title and the address of a copy end in. They are texts of the page, in its languages and not in the reader's.
TITLE_ENDS = Bilingual(" (copy)", " (copie)")
ADDRESS_ENDS = Bilingual("-copy", "-copie")

_LENGTHS = {name: Page._meta.get_field(name).max_length for name in ("key", "title_en", "address_en")}


def pages_below(page: Page) -> list[Page]:
    """Returns the pages below a page in tree order of each level, upper levels first: a query for each level."""
    found, level = {page.pk: page}, [page.pk]
    while level:
        children = Page.objects.filter(parent__in=level).exclude(pk__in=found).in_tree_order()
        level = [child.pk for child in children]
        found |= {child.pk: child for child in children}
    del found[page.pk]
    return list(found.values())


def copy_page(page: Page, *, parent: Page, owner, with_below: bool = False) -> list[Page]:
    """Copies the working copy of a page below a parent, and those of the pages below it where asked for.

    Returns the new pages, the copy of the page itself first. None of them was ever published. Images, links and
    partner organizations are those of the original, but links among the copied pages lead to the copies.
    Call `indexes.update_drafts` with them. Raises ValidationError when there are more than `MAX_PAGES`, or somebody
    takes a key or an address at the same moment.
    """
    ids = [page.pk, *(below.pk for below in pages_below(page))] if with_below else [page.pk]
    if len(ids) > MAX_PAGES:
        text = _(
            "There are too many pages under this one to copy them at once: at most %(number)s can be copied."
        )
        raise ValidationError(text % {"number": MAX_PAGES})
    try:
        with transaction.atomic():
            return _copy(ids, parent=parent, owner=owner)
    except IntegrityError:
        text = _("Someone has just used the same address. Nothing was copied. Try again.")
        raise ValidationError(text) from None


def _copy(ids: list[int], *, parent: Page, owner) -> list[Page]:
    by_id = Page.objects.with_content().in_bulk(ids)
    originals = [by_id[number] for number in ids if number in by_id]
    documents = [working_copy.read(original) for original in originals]
    keys = _new_keys([document.key for document in documents])
    addresses = _new_addresses([document.address for document in documents])
    above = {document.key: key for document, key in zip(documents, keys, strict=True)}
    copies = [
        _copied(document, key=key, address=address, parent=above.get(document.parent))
        for document, key, address in zip(documents, keys, addresses, strict=True)
    ]
    place = Page.objects.last_position(parent)
    copies[0] = replace(copies[0], parent=parent.key, position=place)
    moved = dict(chain.from_iterable(map(_moved_links, documents, copies)))
    pages = working_copy.write_all([_with_links(copy, moved) for copy in copies])
    for copy, original in zip(pages, originals, strict=True):
        copy.owner, copy.sources_needed = owner, original.sources_needed
        copy.template_id = original.template_id
    Page.objects.bulk_update(pages, ["owner", "sources_needed", "template"])
    return pages


def _copied(document: Document, *, key: str, address: Bilingual, parent: str | None) -> Document:
    blocks = tuple(replace(block, key=new_key()) for block in document.blocks)
    title = _each(document.title, lambda text, language: _ended(text, TITLE_ENDS[language], "title_en"))
    return replace(document, key=key, parent=parent, title=title, address=address, blocks=blocks)


def _moved_links(original: Document, copy: Document) -> Iterator[tuple[str, str]]:
    """Gives the links that would lead from a copy back to the original, with those that take their place."""
    yield PageLink(original.key).href, PageLink(copy.key).href
    for before, after in zip(original.blocks, copy.blocks, strict=True):
        yield PageLink(original.key, before.key).href, PageLink(copy.key, after.key).href


def _with_links(part: Any, moved: dict[str, str]) -> Any:
    """The same document or block with other links in its texts."""
    changes = {
        name: _each(getattr(part, name), lambda text, _language: replace_hrefs(text, moved.get))
        for name in names_of(type(part), Kind.RICH_TEXT)
    }
    if isinstance(part, Document):
        changes["blocks"] = tuple(_with_links(block, moved) for block in part.blocks)
    return replace(part, **changes)


def _each(text: Bilingual, change) -> Bilingual:
    return Bilingual(*(change(text[language], language) for language in LANGUAGES))


def _ended(text: str, end: str, field: str) -> str:
    """The text with its end, as long as the field may be; nothing where there is no text."""
    return text and text[: _LENGTHS[field] - len(end)].rstrip("-/ ") + end


def _numbered(text: str, end: str, field: str) -> Iterator[str]:
    """What a key or an address may become, the shortest first; the last one belongs to nothing else."""
    yield _ended(text, end, field)
    for number in range(2, MAX_NUMBERED + 1):
        yield _ended(text, f"{end}-{number}", field)
    yield _ended(text, f"{end}-{new_key()}", field)


def _new_keys(keys: Iterable[str]) -> list[str]:
    proposals = [list(_numbered(key, ADDRESS_ENDS.en, "key")) for key in keys]
    every = {key for proposed in proposals for key in proposed}
    taken = set(Page.objects.filter(key__in=every).values_list("key", flat=True))
    return [_first_free(proposed, taken) for proposed in proposals]


def _new_addresses(addresses: Iterable[Bilingual]) -> list[Bilingual]:
    proposals = [
        [list(_numbered(address[language], ADDRESS_ENDS[language], "address_en")) for language in LANGUAGES]
        for address in addresses
    ]
    owners = AddressOwners(
        (Bilingual(*each) for proposed in proposals for each in zip(*proposed, strict=True)), drafts=True
    )
    taken: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    for proposed in proposals:
        for language, each in zip(LANGUAGES, proposed, strict=True):
            taken[language] |= {
                address for address in each if problem_with_address("", language, address, owners)
            }
    return [
        Bilingual(*(_first_free(each, taken[code]) for code, each in zip(LANGUAGES, proposed, strict=True)))
        for proposed in proposals
    ]


def _first_free(proposed: Collection[str], taken: set[str]) -> str:
    free = next(text for text in proposed if text not in taken)
    if free:
        taken.add(free)
    return free


def copy_block(page: Page, key: str, *, most: int) -> Block | None:
    """Puts a copy of a block behind it into the working copy, and returns the copy; None where there is no such block.

    Belongs in a transaction that locks the page, with `indexes.update_drafts` after it. Raises ValidationError when
    the page has `most` blocks of that kind already.
    """
    document = working_copy.read(page)
    for index, block in enumerate(document.blocks, start=1):
        if block.key == key:
            if sum(type(other) is type(block) for other in document.blocks) >= most:
                text = _("The block was not copied: a page can have at most %(number)s blocks of one type.")
                raise ValidationError(text % {"number": most})
            copy = replace(block, key=new_key())
            blocks = (*document.blocks[:index], copy, *document.blocks[index:])
            working_copy.write(replace(document, blocks=blocks), page)
            return copy
    return None
