"""Is a working copy ready to be published? Reasons why not, each with the field that it is about."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from . import content_checks, html, single_language, stale_translations
from .address_checks import AddressOwners, language_in_sentence, problem_with_address
from .document import (
    LANGUAGES,
    SHARED_PARTS,
    Block,
    Document,
    Download,
    DownloadList,
    Partner,
    PartnerList,
    Video,
    heading,
    shared_part,
    shared_parts,
    texts,
)
from .field_kinds import declarations
from .glossary import NO_GLOSSARY
from .link_targets import LinkTargets, LocatedLink, links_of, links_public_by
from .models.blocks import MODELS
from .models.glossary_term import current_glossary
from .models.page import Page
from .models.shared_block import SharedBlock
from .models.shared_parts import SHARED_MODELS
from .section_anchors import link_anchors


@dataclass(frozen=True)
class Reason:
    """Why a document cannot be published: a sentence for people, and the field that it is about.

    `page` is the key of its page, `path` that of `document.Text`; `language` is "" where both are meant.
    """

    message: str
    page: str
    path: tuple[str, ...] = ()
    language: str = ""


def reasons_not_to_publish(
    document: Document, at: datetime | None = None, published_too: Collection[str] = ()
) -> list[Reason]:
    """What keeps a document from being published at a moment (default: now); empty when it may be.

    `published_too` has the keys of pages that are published together with it.
    """
    return [
        *emergency_reasons(document),
        *blocking_problems(document),
        *broken_links(document, LinkTargets.of_documents([document], at), published_too),
    ]


def reasons_at_any_time(document: Document, published_too: Collection[str] = ()) -> list[Reason]:
    """The same without what a later date of publication would remove: a link to a page that is scheduled by then."""
    reasons = reasons_not_to_publish(document, published_too=published_too)
    later = links_public_by(document) if reasons else None
    return min(reasons, reasons_not_to_publish(document, later, published_too), key=len) if later else reasons


def blocking_problems(
    document: Document,
    owners: AddressOwners | None = None,
    parsed: content_checks.ParsedDocument | None = None,
) -> list[Reason]:
    """The same without what is still to be translated of an emergency, and without links: what is wrong with the
    document itself.

    `owners` are those of its addresses, where many documents are asked about, and `parsed` what `content_checks.parse`
    gave for it, where its claims are asked for as well.
    """
    reasons = _structural_reasons(document, owners or AddressOwners([document.address]))
    reported_paths = {reason.path for reason in reasons}
    return [*reasons, *_finding_reasons(document, reported_paths, parsed)]


def shared_problems(part: Partner | Download) -> list[Reason]:
    """The faults that every document has because it names a partner organization or a file to download.

    What keeps a document from being published is found in one text at a time, so there are no others.
    """
    if isinstance(part, Partner):
        block: Block = PartnerList("list", partners=(part,))
    else:
        block = DownloadList("list", downloads=(part,))
    document = Document("", parent=None, blocks=(block,))
    return [reason for reason in blocking_problems(document) if shared_part(reason.path)]


def reasons_not_to_publish_alone(document: Document, language: str) -> list[Reason]:
    """What keeps one of its languages from being published, as if nothing were known of the other one."""
    reasons = _structural_reasons(document, AddressOwners([document.address]))
    one_side = single_language.strip_other_language(document, language)
    reasons += broken_links(one_side, LinkTargets.of_documents([one_side]))
    reasons += _finding_reasons(one_side, {reason.path for reason in reasons})
    return [reason for reason in reasons if reason.language in ("", language)]


def parse(document: Document) -> content_checks.ParsedDocument:
    """A document as the rules that block read it: with the glossary, by one query, where one of them asks for it."""
    glossary = current_glossary() if content_checks.needs_glossary_to_block() else NO_GLOSSARY
    return content_checks.parse(document, content_checks.Site(glossary=glossary))


def _structural_reasons(document, owners):
    return [
        *_address_reasons(document, owners),
        *_missing_reasons(document),
        *_parity_reasons(document),
        *_form_reasons(document),
        *_file_reasons(document),
        *_video_reasons(document),
    ]


def emergency_reasons(document):
    """What became public in one language only has to be said in the other one before both are public again."""
    for stale in stale_translations.outstanding_after_emergency(document):
        message = _(
            "%(field)s was published in %(changed)s only. Update the %(language)s text, or confirm that it "
            "needs no change."
        ) % {
            "field": capfirst(field_label(document, stale.path)),
            "changed": language_in_sentence(stale.changed),
            "language": language_in_sentence(stale.untouched),
        }
        yield Reason(message, document.key, stale.path, stale.untouched)


def _finding_reasons(document, reported_paths, parsed=None):
    """What the rules find beyond doubt, but for texts of which a reason is told already."""
    for finding in content_checks.blocking(parsed or parse(document)):
        if finding.path not in reported_paths:
            yield Reason(_located_message(document, finding), document.key, finding.path, finding.language)


def _located_message(document, finding):
    if not finding.path or finding.path[-1] in ("image", *SHARED_PARTS):
        return finding.message
    values = {"field": capfirst(field_label(document, finding.path)), "problem": finding.message}
    return _("%(field)s: %(problem)s") % values


def _address_reasons(document, owners):
    if document.parent is None and not document.address:
        return
    for language in LANGUAGES:
        address = document.address[language]
        problem = _problem_with_address(document, language, address, owners)
        if problem:
            yield Reason(problem, document.key, ("address",), language)


def _problem_with_address(document, language, address, owners):
    if not address and document.parent is not None:
        return _("The address is missing in %(language)s.") % {"language": language_in_sentence(language)}
    is_home = document.parent is None
    return problem_with_address(document.key, language, address, owners, is_home=is_home)


def _missing_reasons(document):
    """What is empty in both languages and must not be; what is missing in one of them is a matter of parity."""
    if not document.title:
        yield Reason(_("The page has no title."), document.key, ("title",))
    for block in document.blocks:
        for name, declared in declarations(type(block)).items():
            if declared.is_required and _is_empty(block, name, declared):
                path = ("blocks", block.key, name)
                yield Reason(_missing_message(document, block, path), document.key, path)


def _is_empty(block, name, declared):
    """An image that is missing says so itself, and not by the text that would describe it."""
    is_needless = declared.unless and getattr(block, declared.unless)
    is_of_nothing = declared.describes and not getattr(block, declared.describes)
    return not (is_needless or is_of_nothing or getattr(block, name))


def _missing_message(document, block, path):
    message = MODELS[type(block)].if_missing.get(path[-1])
    field = capfirst(field_label(document, path))
    return str(message) if message else _("%(field)s is missing.") % {"field": field}


def _parity_reasons(document):
    for text in texts(document):
        missing = text.value.missing()
        if text.path != ("address",) and not text.optional and len(missing) == 1:
            message = _("%(field)s is missing in %(language)s.") % {
                "field": capfirst(field_label(document, text.path)),
                "language": language_in_sentence(missing[0]),
            }
            yield Reason(message, document.key, text.path, missing[0])


def broken_links(
    document: Document, targets: LinkTargets, published_too: Collection[str] = ()
) -> list[Reason]:
    """Says which links of a document would lead readers nowhere: to a page that is not public, or to no section of one.

    `targets` are the pages that it links to; `published_too` the keys of those that are published together with it.
    """
    broken = [
        located
        for located in links_of(document)
        if located.link.page not in published_too and not _leads_somewhere(document, located, targets)
    ]
    missing = {located.link.page for located in broken if not targets.is_readable(located.link.page)}
    pages = Page.objects.in_bulk(missing - {document.key}, field_name="key") if broken else {}
    reasons = (_located_reason(document, located, missing, pages) for located in broken)
    return list(dict.fromkeys(reasons))


def _leads_somewhere(document: Document, located: LocatedLink, targets: LinkTargets) -> bool:
    link, language = located.link, located.language
    if link.page == document.key:
        return not link.section or link.section in link_anchors(document, language)
    return targets.is_readable(link.page) and targets.has_section(link, language)


def _located_reason(document: Document, located: LocatedLink, missing: set[str], pages) -> Reason:
    key = located.link.page
    if key == document.key or key not in missing:
        problem = _("A link goes to a section that its page does not have. Choose another section.")
    elif key in pages:
        problem = _(
            "A link goes to the page “%(page)s”, which is not public. Publish that page first, publish or approve both "
            "together from the list of pages, or remove the link."
        ) % {"page": pages[key]}
    else:
        problem = _("A link goes to a page that no longer exists. Choose another page, or remove the link.")
    message = _("%(field)s (%(language)s): %(problem)s") % {
        "field": capfirst(field_label(document, located.path)),
        "language": language_in_sentence(located.language),
        "problem": problem,
    }
    return Reason(message, document.key, located.path, located.language)


def _form_reasons(document):
    """What was written where one link, or one table, is asked for, and nothing else."""
    for block in document.blocks:
        for name, declared in declarations(type(block)).items():
            for language in LANGUAGES if declared.is_link or declared.captioned_by else ():
                text = getattr(block, name)[language]
                if text and (message := _wrong_form(declared, text)):
                    path = ("blocks", block.key, name)
                    values = {
                        "field": capfirst(field_label(document, path)),
                        "language": language_in_sentence(language),
                    }
                    yield Reason(message % values, document.key, path, language)


def _wrong_form(declared, text):
    """What is to be done about a text that is not what is asked for; "" where it is."""
    if declared.is_link and not html.is_one_link(text):
        return _(
            "%(field)s must be one link and nothing else in %(language)s. Write a few words, select "
            "them all, and make them a link."
        )
    if declared.captioned_by and not html.is_one_table(text):
        return _(
            "%(field)s must be one table and nothing else in %(language)s. Move what is before or after it to the "
            "notes, and its own caption to the field for captions."
        )
    return ""


def _file_reasons(document):
    """A file to download of which there is none, in no language."""
    for block in document.blocks:
        for part in shared_parts(block):
            if isinstance(part, Download) and not any(part.file(language) for language in LANGUAGES):
                message = _("“%(title)s” has no file. Upload it in at least one language.")
                path = ("blocks", block.key, "downloads", part.key, "file_en")
                values = {"title": part.title.either(get_language()) or part.key}
                yield Reason(message % values, document.key, path)


def _video_reasons(document):
    """What was chosen for a video, and is none or more than one; captions that no player would show."""
    for block in document.blocks:
        if isinstance(block, Video) and block.downloads:
            path = ("blocks", block.key, "downloads")
            if len(block.downloads) > 1:
                message = _(
                    "A video block shows one video. Choose one, and add a block for each of the others."
                )
                yield Reason(message, document.key, path)
            for download in block.downloads:
                if not download.is_video:
                    values = {"title": download.title.either(get_language()) or download.key}
                    message = _("“%(title)s” is not a video. Choose an MP4 or WebM file for each language.")
                    yield Reason(message % values, document.key, path)


def field_label(document: Document, path: tuple[str, ...]) -> str:
    """How editors know a field, in the active language: `text “Trade relations”: heading`."""
    *above, name = path
    if shared := shared_part(path):
        model = SHARED_MODELS[shared[0]]._meta
        return _named_field(model.verbose_name, shared[1], model.get_field(name).verbose_name)
    if not above:
        return str(Page._meta.get_field(name).verbose_name)
    block = next(block for block in document.blocks if block.key == above[1])
    model = MODELS[type(block)]._meta
    named = heading(block)
    part = f"{SharedBlock._meta.verbose_name}, {model.verbose_name}" if block.shared else model.verbose_name
    title = named.either(get_language())
    return _named_field(part, title, model.get_field(name).verbose_name)


def _named_field(part, title, field):
    """The name of a field of some part of a page, or of what pages share, with the punctuation of the language."""
    if not title:
        return _("%(part)s: %(field)s") % {"part": part, "field": field}
    return _("%(part)s “%(title)s”: %(field)s") % {"part": part, "title": title, "field": field}
