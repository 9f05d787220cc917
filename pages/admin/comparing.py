"""The screen on which two editions of a page, or one and the working copy, are compared."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import working_copy
from ..local_time import format_short
from ..models.edition import Edition
from . import changes
from .page_views import PageView

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
                *((str(edition.number), edition_label(edition)) for edition in editions),
            ]


class CompareView(PageView):
    route = name = "compare"

    def respond(self, request, page):
        editions = list(Edition.objects.filter(page=page).defer("document"))
        form = SidesForm(_requested_sides(page, request.GET), editions=editions)
        comparison = _comparison(page, **form.cleaned_data) if editions and form.is_valid() else None
        return self.render(
            request, page, "compare", title=_("Compare"), form=form, editions=editions, changes=comparison
        )


def _requested_sides(page, query):
    """The sides that the address names; without them, what is live and what has been written since."""
    live = Edition.objects.live().filter(page=page).values_list("number", flat=True).first()
    newest = Edition.objects.filter(page=page).values_list("number", flat=True).first()
    return {
        "before": query.get("before") or str(live or newest or WORKING_COPY),
        "after": query.get("after") or WORKING_COPY,
    }


def _comparison(page, before, after):
    numbers = [int(side) for side in (before, after) if side != WORKING_COPY]
    editions = {
        str(edition.number): edition for edition in Edition.objects.filter(page=page, number__in=numbers)
    }
    sides = [
        editions[side].read() if side in editions else working_copy.read(page) for side in (before, after)
    ]
    return changes.view(*sides, more=_kind_change(editions.get(before), editions.get(after)))


def _kind_change(before, after):
    """An edition that archives or withdraws says the same as the one before it: only its kind differs."""
    if before is None or after is None or before.kind == after.kind:
        return ()
    name = capfirst(str(Edition._meta.get_field("kind").verbose_name))
    return (changes.Fact(name, before.get_kind_display(), after.get_kind_display()),)


def edition_label(edition):
    """An edition in a few words: its number, its kind, and since when it is or was to be public."""
    if edition.status != Edition.Status.APPROVED:
        return _("Edition %(number)s (%(kind)s), not public") % {
            "number": edition.number,
            "kind": edition.get_status_display(),
        }
    return _("Edition %(number)s (%(kind)s), %(moment)s") % {
        "number": edition.number,
        "kind": edition.get_kind_display(),
        "moment": format_short(edition.publish_at),
    }
