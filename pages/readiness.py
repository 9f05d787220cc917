"""Is a working copy ready to be published? Reasons why not, each with the field that it is about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import Resolver404, resolve
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import document as shape
from . import findings, one_language, staleness, working_copy
from .addresses import path_of
from .document import NOTHING, Document, Figure, Partner, texts
from .editions import Edition
from .rows import Page, PartnerOrganization, valid_address


@dataclass(frozen=True)
class Reason:
    """Why a document cannot be published: a sentence for people, and the field that it is about.

    `page` is the key of its page, `path` that of `document.Text`; `language` is "" where both are meant.
    """

    message: str
    page: str
    path: tuple[str, ...] = ()
    language: str = ""


class Holders:
    """The pages that have or had the addresses of some documents: one query, however many these are.

    An address never goes to another page, because whoever kept its link is led to the page that had it.
    """

    def __init__(self, documents: Iterable[Document]):
        self._editions = defaultdict(list)
        asked = [document.address for document in documents]
        approved = Edition.objects.approved().select_related("page").defer("document")
        for edition in approved.filter(
            Q(address_en__in={address.en for address in asked} - {""})
            | Q(address_fr__in={address.fr for address in asked} - {""})
        ):
            for language in shape.LANGUAGES:
                self._editions[language, edition.text("address", language)].append(edition)

    def other_than(self, key: str, language: str, address: str) -> Edition | None:
        """An approved edition with the address, of a page other than the one with this key."""
        held = self._editions[language, address]
        return next((edition for edition in held if edition.page.key != key), None)


def reasons_not_to_publish(
    document: Document, holders: Holders | None = None, reading: findings.Reading | None = None
) -> list[Reason]:
    """What keeps a document from being published, in reading order; empty when it may be.

    `holders` are those of its addresses, where many documents are asked about, and `reading` what `findings.read` gave
    for it, where its claims are asked for as well.
    """
    return [*_reasons_of_emergency(document), *faults(document, holders, reading)]


def faults(
    document: Document, holders: Holders | None = None, reading: findings.Reading | None = None
) -> list[Reason]:
    """The same without what is still to be translated of an emergency: what is wrong with the document itself."""
    reasons = _reasons_of_form(document, holders or Holders([document]))
    told = {reason.path for reason in reasons}
    return [*reasons, *_reasons_of_findings(document, told, reading)]


def faults_of(partner: Partner) -> list[Reason]:
    """The faults that every document has because it names a partner organization.

    What keeps a document from being published is found in one text at a time, so there are no others.
    """
    alone = Document("", parent=None, blocks=(shape.PartnerList("list", partners=(partner,)),))
    return [reason for reason in faults(alone) if "partners" in reason.path]


def reasons_not_to_publish_alone(document: Document, language: str) -> list[Reason]:
    """What keeps one of its languages from being published, as if nothing were known of the other one."""
    reasons = _reasons_of_form(document, Holders([document]))
    alone = one_language.only(document, language)
    reasons += _reasons_of_findings(alone, {reason.path for reason in reasons})
    return [reason for reason in reasons if reason.language in ("", language)]


def _reasons_of_form(document, holders):
    return [
        *_reasons_of_address(document, holders),
        *_reasons_of_title(document),
        *_reasons_of_parity(document),
        *_reasons_of_pictures(document),
    ]


def _reasons_of_emergency(document):
    """What became public in one language only has to be said in the other one before both are public again."""
    for stale in staleness.owed(document):
        message = _(
            "%(field)s was published in %(changed)s only: put it into %(language)s, or say that it needs no change."
        ) % {
            "field": capfirst(label(document, stale.path)),
            "changed": _spoken(stale.changed),
            "language": _spoken(stale.untouched),
        }
        yield Reason(message, document.key, stale.path, stale.untouched)


def _reasons_of_findings(document, told, reading=None):
    """What the rules find beyond doubt, but for texts of which a reason is told already."""
    for finding in findings.blocking(reading or document):
        if finding.path not in told:
            yield Reason(_in_place(document, finding), document.key, finding.path, finding.language)


def _in_place(document, finding):
    if not finding.path or finding.path[-1] in ("image", "partners"):
        return finding.message
    values = {"field": capfirst(label(document, finding.path)), "problem": finding.message}
    return _("%(field)s: %(problem)s") % values


def _reasons_of_address(document, holders):
    if document.parent is None and not document.address:
        return
    for language in shape.LANGUAGES:
        address = document.address[language]
        problem = _problem_with_address(document, language, address, holders)
        if problem:
            yield Reason(problem, document.key, ("address",), language)


def _problem_with_address(document, language, address, holders):
    spoken = _spoken(language)
    if document.parent is None:
        return _("The home page has no address of its own: leave it empty.")
    if not address:
        return _("The address in %(language)s is missing.") % {"language": spoken}
    try:
        valid_address(address)
    except ValidationError as error:
        return error.messages[0]
    holder = holders.other_than(document.key, language, address)
    if holder:
        return _(
            "The address “%(address)s” belongs to the page “%(page)s”: choose another one in %(language)s."
        ) % {
            "address": address,
            "page": holder.text("title", language),
            "language": spoken,
        }
    if not _leads_to_pages(path_of(language, address)):
        return _(
            "The address “%(address)s” is used by the site itself: choose another one in %(language)s."
        ) % {
            "address": address,
            "language": spoken,
        }
    return None


def _leads_to_pages(path):
    try:
        return resolve(path).url_name == "page"
    except Resolver404:
        return False


def _reasons_of_title(document):
    if not document.title:
        yield Reason(_("The page has no title."), document.key, ("title",))
    for block in document.blocks:
        if isinstance(block, shape.Objective) and not block.title:
            yield Reason(_("An objective has no title."), document.key, ("blocks", block.key, "title"))


def _reasons_of_parity(document):
    for text in texts(document):
        missing = text.value.missing()
        if text.path != ("address",) and not text.optional and len(missing) == 1:
            message = _("%(field)s is missing in %(language)s.") % {
                "field": capfirst(label(document, text.path)),
                "language": _spoken(missing[0]),
            }
            yield Reason(message, document.key, text.path, missing[0])


def _reasons_of_pictures(document):
    for block in document.blocks:
        if not isinstance(block, Figure):
            continue
        here = ("blocks", block.key)
        if block.image is None:
            yield Reason(
                _("A figure has no image: choose one or remove the figure."), document.key, (*here, "image")
            )
        elif not block.decorative and not block.alternative_text:
            message = _(
                "A figure has no alternative text: write it in both languages or mark the figure as decorative."
            )
            yield Reason(message, document.key, (*here, "alternative_text"))


def _spoken(language):
    return {"en": pgettext("in prose", "English"), "fr": pgettext("in prose", "French")}[language]


def label(document: Document, path: tuple[str, ...]) -> str:
    """How editors know a field, in the active language: `text “Trade relations”: heading`."""
    *above, name = path
    if "partners" in above:
        partner = PartnerOrganization._meta
        return f"{partner.verbose_name} “{above[-1]}”: {partner.get_field(name).verbose_name}"
    if not above:
        return str(Page._meta.get_field(name).verbose_name)
    block = next(block for block in document.blocks if block.key == above[1])
    model = working_copy.MODELS[type(block)]._meta
    heading = getattr(block, "heading", None) or getattr(block, "title", None) or NOTHING
    named = f" “{heading.en or heading.fr}”" if heading else ""
    return f"{model.verbose_name}{named}: {model.get_field(name).verbose_name}"
