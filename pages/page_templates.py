"""Page templates: making one of a page, and a page of one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from . import current_texts, image_library, working_copy
from .address_checks import AddressOwners, problem_with_address
from .document import (
    LANGUAGES,
    NOTHING,
    VOCABULARIES,
    Bilingual,
    Block,
    Document,
    Term,
    dumps,
    terms,
    with_rich_text,
)
from .field_kinds import SHARED, Kind, names_of
from .fields import new_key
from .models.page import Page
from .models.page_template import KEY_PREFIX, PageTemplate, TemplateTip
from .models.shared_parts import SHARED_MODELS
from .models.vocabulary_term import VocabularyTerm
from .page_links import PageLink, parse_href, replace_hrefs
from .slugs import slug

# As the form of a page suggests them.
MAX_ADDRESS_LENGTH = 80


def save_page(page: Page, template: PageTemplate) -> PageTemplate:
    """Gives a template, new or not, what the working copy of a page says; returns it, saved.

    Tips stay with the blocks that are still there. Those of the template that the page was made from come along.
    """
    known = list(page.template.tips.all()) if page.template_id else []
    tips = {tip.block: Bilingual(tip.text_en, tip.text_fr) for tip in known}
    if template.pk:
        tips |= {tip.block: Bilingual(tip.text_en, tip.text_fr) for tip in template.tips.all()}
    return store(template, working_copy.read(page), tips)


@transaction.atomic
def store(template: PageTemplate, document: Document, tips: Mapping[str, Bilingual]) -> PageTemplate:
    """Saves a template with a document and its tips, by the keys of blocks; "" stands for the page."""
    own = KEY_PREFIX + template.key
    document = _with_own_links(document, document.key, own)
    document = replace(document, key=own, parent=None, position=0, title=NOTHING, address=NOTHING)
    template.document = dumps(document)
    template.save()
    template.tips.all().delete()
    TemplateTip.objects.bulk_create(
        TemplateTip(template=template, block=key, ordering=place, text_en=text.en, text_fr=text.fr)
        for place, key in enumerate(["", *(block.key for block in document.blocks)])
        for text in [tips.get(key, NOTHING)]
    )
    return template


def create_page(template: PageTemplate, *, title: Bilingual, parent: Page, owner: Any) -> Page:
    """Makes a page from a template, below a parent, as a working copy that was never published.

    Partner organizations, files and images that the site no longer has are left out.
    Call `indexes.update_drafts` with it. Raises ValidationError when somebody takes its key at the same moment.
    """
    try:
        with transaction.atomic():
            return _create(template, title, parent, owner)
    except IntegrityError:
        text = _("Someone has just added a page with the same title. Nothing was added. Try again.")
        raise ValidationError(text) from None


def _create(template: PageTemplate, title: Bilingual, parent: Page, owner: Any) -> Page:
    start, key = template.read(), _free_key(title)
    document = replace(
        _with_own_links(_without_missing(start), start.key, key),
        key=key,
        title=title,
        parent=parent.key,
        position=Page.objects.last_position(parent),
        address=_free_address(key, title),
    )
    [document] = current_texts.with_current_texts([working_copy.with_current_shared(document)])
    page = working_copy.write(document, Page(key=key, owner=owner, template=template))
    return page


def _free_key(title: Bilingual) -> str:
    key = slug(title.en or title.fr)[:90].strip("-") or new_key()
    return f"{key}-{new_key()}" if Page.objects.filter(key=key).exists() else key


def _free_address(key: str, title: Bilingual) -> Bilingual:
    """What the titles would be in an address; nothing where another page or the site itself has that."""
    wanted = Bilingual(*(slug(title[language])[:MAX_ADDRESS_LENGTH].strip("-") for language in LANGUAGES))
    owners = AddressOwners([wanted], drafts=True)
    return Bilingual(
        *(
            "" if problem_with_address(key, language, wanted[language], owners) else wanted[language]
            for language in LANGUAGES
        )
    )


def _with_own_links(document: Document, before: str, after: str) -> Document:
    """The document with the links to the page itself under another key."""

    def moved(href: str) -> str | None:
        link = parse_href(href)
        return PageLink(after, link.section).href if link and link.page == before else None

    return with_rich_text(document, lambda text, _language: replace_hrefs(text, moved))


def _without_missing(document: Document) -> Document:
    """The document without what the site no longer has of the parts that pages share."""
    named = {name: set() for name in SHARED_MODELS}
    for block in document.blocks:
        for name in names_of(type(block), *SHARED):
            named[name] |= {part.key for part in getattr(block, name)}
    known = {
        name: set(SHARED_MODELS[name].objects.filter(key__in=keys).values_list("key", flat=True))
        for name, keys in named.items()
        if keys
    }
    images = image_library.find(
        image for block in document.blocks if (image := getattr(block, "image", None))
    )
    blocks = tuple(_with_known(block, known, images) for block in document.blocks)
    return replace(document, blocks=blocks, **_terms_that_exist(document))


def _terms_that_exist(document: Document) -> dict[str, tuple[Term, ...]]:
    """By the name of each vocabulary; no query where the document has no terms."""
    named = {place for place, _term in terms(document)}
    rows = VocabularyTerm.objects.filter(code__in={code for _name, code in named}) if named else None
    known = set(rows.values_list("vocabulary", "code")) if rows is not None else set()
    return {
        name: tuple(term for term in getattr(document, name) if (name, term.code) in known)
        for name in VOCABULARIES
    }


def _with_known(block: Block, known: Mapping[str, set[str]], images: Mapping[str, Any]) -> Block:
    changes: dict[str, Any] = {
        name: tuple(part for part in getattr(block, name) if part.key in known.get(name, ()))
        for name in names_of(type(block), *SHARED)
    }
    for name in names_of(type(block), Kind.LIBRARY_IMAGE):
        image = getattr(block, name)
        changes[name] = image if image and image.library_key in images else None
    return replace(block, **changes)


def blocks_of_other_kinds(template: PageTemplate, blocks: Iterable[Block]) -> list[Block]:
    """Returns the blocks of a page whose kinds its template does not have."""
    return [block for block in blocks if not template.allows(block.kind)]
