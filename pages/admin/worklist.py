"""What waits to be done, on the front page of the admin: each line leads to the place where it is done.

A constant number of queries, however many pages there are and however much is to be done.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from modeltranslation.translator import translator

from .. import states
from ..decisions import ReviewStep
from ..document import LANGUAGES
from ..editions import Edition
from ..rows import BLOCK_MODELS, Page, PartnerOrganization
from .tasks import Line, Task, others
from .translations import counted

# Lines of one list; what is beyond is counted as “more”.
SHOWN = 8

SOON = timedelta(days=14)

OPTIONAL = frozenset({"website"})


def tasks(person):
    """What waits for one person, only lists with something in them."""
    if not person.has_perm("pages.view_page"):
        return []
    listed = [_emergencies(), _in_review(person), _returned(person)]
    if person.has_perm("pages.change_page"):
        listed += [_stale(), _missing(), _missing_of_partners(), _not_ready(person)]
    listed += [_overdue(person), *(other.task(person) for other in others()), _scheduled(), _recent()]
    return [task for task in listed if task and task.lines]


def _task(key, name, lines, *, more=""):
    return Task(key, name, tuple(lines[:SHOWN]), len(lines) > SHOWN, more)


# Emergencies


def _emergencies():
    """Pages that are public in one language only, the translation due first before the others."""
    found = Edition.objects.behind().select_related("emergency_record").defer("document")
    lines = [
        Line(title_of(edition), _screen("change", edition.page_id), str(edition.emergency))
        for edition in found.order_by("emergency_record__due_on", "pk")[: SHOWN + 1]
    ]
    more = _lacking(states.Lack.LANGUAGE)
    return _task("emergencies", _("Published in one language only"), lines, more=more)


# Reviews


def _in_review(person):
    if not person.has_perm("pages.publish_page"):
        return _task("review", "", [])
    waiting = Edition.objects.filter(status=Edition.Status.IN_REVIEW)
    if settings.REVIEW_BY_SECOND_PERSON:
        waiting = waiting.exclude(author=person)
    return _task("review", _("Waiting for review"), _reviews(waiting.order_by("created_at", "pk")))


def _returned(person):
    """What somebody sent back to this person, unless there is a newer edition of the page."""
    newer = Edition.objects.filter(page=OuterRef("page"), number__gt=OuterRef("number"))
    sent_back = Edition.objects.filter(
        status=Edition.Status.RETURNED, author=person, steps__action=ReviewStep.Action.RETURNED
    )
    return _task("returned", _("Returned to you"), _reviews(sent_back.exclude(Exists(newer)).order_by("-pk")))


def _reviews(editions):
    found = editions.select_related("author").defer("document")[: SHOWN + 1]
    return [_review(edition) for edition in found]


def _review(edition):
    address = reverse("admin:pages_page_review", args=[edition.page_id, edition.number])
    by = edition.author
    return Line(title_of(edition), address, (by.get_full_name() or by.get_username()) if by else "")


# Translations


def _stale():
    tallies = states.stale_tallies().select_related("page").order_by("page")[: SHOWN + 1]
    lines = [
        Line(title_of(tally.page), _screen("translations", tally.page_id), counted(tally.texts))
        for tally in tallies
    ]
    return _task("stale", _("Changed in one language only"), lines, more=_lacking(states.Lack.TRANSLATION))


def _missing():
    """Pages with a text that is there in one language only, found by the database."""
    lacking = _is_lacking(Page)
    for model in BLOCK_MODELS:
        lacking |= Q(pk__in=model.objects.filter(_is_lacking(model)).values("parent"))
    pages = Page.objects.filter(lacking).order_by("pk")[: SHOWN + 1]
    lines = [Line(title_of(page), _screen("change", page.pk)) for page in pages]
    return _task("missing", _("Text missing in one language"), lines)


def _missing_of_partners():
    rows = PartnerOrganization.objects.filter(_is_lacking(PartnerOrganization)).order_by("key")[: SHOWN + 1]
    lines = [
        Line(
            row.name_en or row.name_fr or row.key,
            reverse("admin:pages_partnerorganization_change", args=[row.pk]),
        )
        for row in rows
    ]
    return _task("partners", _("Partner organization with a text missing in one language"), lines)


def _is_lacking(model):
    """A condition for the database: some text is there in one language and not in the other."""
    lacking = Q(pk__in=[])
    for name in translator.get_options_for_model(model).get_field_names():
        if name in OPTIONAL:
            continue
        english, french = (Q(**{f"{name}_{each}": ""}) | Q(**{f"{name}_{each}": None}) for each in LANGUAGES)
        lacking |= (english & ~french) | (french & ~english)
    return lacking


# Publication


def _not_ready(person):
    pages = states.lacking(Page.objects.all(), states.Lack.READY).select_related("tally").order_by("pk")
    screen = "publish" if person.has_perm("pages.publish_page") else "submit"
    lines = [
        Line(title_of(page), _screen(screen, page.pk), _reasons(page.tally.reasons))
        for page in pages[: SHOWN + 1]
    ]
    name = _("Findings that keep a page from being published")
    return _task("blocked", name, lines, more=_lacking(states.Lack.READY))


def _reasons(number):
    return ngettext("%(number)s reason", "%(number)s reasons", number) % {"number": number}


def _lacking(lack):
    return f"{reverse('admin:pages_page_changelist')}?lacks={lack.value}"


# Dates


def _overdue(person):
    mine_first = Case(When(owner=person, then=Value(0)), default=Value(1), output_field=IntegerField())
    pages = Page.objects.filter(review_by__lt=timezone.localdate()).select_related("owner")
    lines = [
        Line(title_of(page), f"{_screen('change', page.pk)}#id_review_by", _owned(page))
        for page in pages.order_by(mine_first, "review_by", "pk")[: SHOWN + 1]
    ]
    more = reverse("admin:pages_page_changelist") + "?review=overdue"
    return _task("overdue", _("Review date has passed"), lines, more=more)


def _owned(page):
    date = date_format(page.review_by, "SHORT_DATE_FORMAT")
    return f"{date}, {page.owner.get_full_name() or page.owner.get_username()}" if page.owner else date


def _scheduled():
    soon = Edition.objects.scheduled().filter(publish_at__lte=timezone.now() + SOON)
    lines = [_edition(edition) for edition in soon.defer("document").order_by("publish_at")[: SHOWN + 1]]
    more = reverse("admin:pages_page_changelist") + "?state=scheduled"
    return _task("scheduled", _("Scheduled soon"), lines, more=more)


def _recent():
    due = Edition.objects.approved().filter(publish_at__lte=timezone.now())
    newest = due.defer("document").order_by("-publish_at", "-pk")[:SHOWN]
    return _task("recent", _("Published recently"), [_edition(edition) for edition in newest])


def _edition(edition):
    moment = date_format(timezone.localtime(edition.publish_at), "SHORT_DATETIME_FORMAT")
    return Line(title_of(edition), _screen("history", edition.page_id), moment)


def title_of(row):
    """The title of a page or edition in the active language; in the other one where it has none."""
    titles = {each: getattr(row, f"title_{each}") for each in LANGUAGES}
    return titles.get(get_language()) or titles["en"] or titles["fr"] or row.key


def _screen(name, page):
    return reverse(f"admin:pages_page_{name}", args=[page])
