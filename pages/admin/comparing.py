"""The screen on which two editions of a page, or one and the working copy, are compared."""

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import working_copy
from ..editions import Edition
from . import changes
from .screens import Screens

WORKING_COPY = "working-copy"


class SidesForm(forms.Form):
    """What is compared with what: each side is the working copy or the number of an edition."""

    before = forms.ChoiceField(label=gettext_lazy("Before"))
    after = forms.ChoiceField(label=gettext_lazy("After"))

    def __init__(self, *args, editions, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.choices = [
                (WORKING_COPY, _("Working copy")),
                *((str(edition.number), described(edition)) for edition in editions),
            ]


class Comparing(Screens):
    def get_urls(self):
        return [self.screen_path("compare", self.compare_view, "compare"), *super().get_urls()]

    def compare_view(self, request, page_id):
        page = self.page_to_view(request, page_id)
        editions = list(Edition.objects.filter(page=page).defer("document"))
        form = SidesForm(_asked(page, request.GET), editions=editions)
        shown = _changes(page, **form.cleaned_data) if editions and form.is_valid() else None
        return self.screen(
            request, page, "compare", title=_("Compare"), form=form, editions=editions, changes=shown
        )


def _asked(page, query):
    """The sides that the address names; without them, what is live and what has been written since."""
    live = Edition.objects.live().filter(page=page).values_list("number", flat=True).first()
    newest = Edition.objects.filter(page=page).values_list("number", flat=True).first()
    return {
        "before": query.get("before") or str(live or newest or WORKING_COPY),
        "after": query.get("after") or WORKING_COPY,
    }


def _changes(page, before, after):
    numbers = [int(side) for side in (before, after) if side != WORKING_COPY]
    editions = {
        str(edition.number): edition for edition in Edition.objects.filter(page=page, number__in=numbers)
    }
    sides = [
        editions[side].read() if side in editions else working_copy.read(page) for side in (before, after)
    ]
    return changes.view(*sides, more=_kinds(editions.get(before), editions.get(after)))


def _kinds(before, after):
    """An edition that archives or withdraws says the same as the one before it: only its kind differs."""
    if before is None or after is None or before.kind == after.kind:
        return ()
    name = capfirst(str(Edition._meta.get_field("kind").verbose_name))
    return (changes.Fact(name, before.get_kind_display(), after.get_kind_display()),)


def described(edition):
    """An edition in a few words: its number, its kind, and since when it is or was to be public."""
    if edition.publish_at is None:
        return _("Edition %(number)s (%(kind)s), not public") % {
            "number": edition.number,
            "kind": edition.get_status_display(),
        }
    return _("Edition %(number)s (%(kind)s), %(moment)s") % {
        "number": edition.number,
        "kind": edition.get_kind_display(),
        "moment": date_format(timezone.localtime(edition.publish_at), "SHORT_DATETIME_FORMAT"),
    }
