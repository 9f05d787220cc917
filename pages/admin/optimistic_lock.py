"""Two people at the form of one row: what one of them saved is not overwritten by the other unseen.

A form carries a mark of each field as it was when the form was opened. Of a field that somebody else has changed since,
the newer value stays if this person left the field alone, and is shown beside it otherwise. Pages, whose forms save
themselves, have rules of their own (`edit_conflicts`).
"""

import hashlib

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from .. import current_texts, html
from ..fields import RichTextField

OPENED = "opened"
MARK_LENGTH = 12
# Characters of what somebody else wrote, as the message beside the field shows it.
MAX_SHOWN = 300


class OptimisticLockMixin:
    """For an admin with forms that its template sends with the marks in `opened`; without marks nothing is compared."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj is None or OPENED not in request.POST:
            return form
        marks = {"opened_marks": _parse(request.POST[OPENED])}
        return type(form.__name__, (_OptimisticLockFormMixin, form), marks)

    def render_change_form(self, request, context, **kwargs):
        form = context["adminform"].form
        if kwargs.get("change"):
            context[OPENED] = _write(form)
        return super().render_change_form(request, context, **kwargs)


class _OptimisticLockFormMixin:
    """A form of a row that exists, which knows its fields as they were when it was opened."""

    opened_marks = {}

    def clean(self):
        super().clean()
        for name in list(self.changed_data):
            if name in self.cleaned_data and self.opened_marks.get(name, "") not in ("", _mark(self, name)):
                self._settle(name)

    def _settle(self, name):
        """Decides about a field that somebody else has changed, and in which this form says something else."""
        field, mine, theirs = _field(self, name), self.cleaned_data[name], self.initial.get(name)
        if isinstance(field, RichTextField) and mine:
            mine = html.clean(mine)  # browsers send other line ends
        mark = mark_of(_as_written(field, mine))
        if isinstance(mine, str) and mark in (_mark(self, name), self.opened_marks[name]):
            self.cleaned_data[name] = theirs
            self.changed_data.remove(name)
        else:
            self.add_error(name, _message(field, theirs))


def _message(field, theirs):
    """What somebody else has done to a field, and what to do about it."""
    if not theirs:
        return _("Someone else emptied this field while you were writing. Save again to keep your text.")
    if not isinstance(theirs, str):
        return _("Someone else changed this field while you were writing. Choose again what should stay.")
    text = html.plain_text(theirs) if isinstance(field, RichTextField) else theirs
    text = str(dict(field.flatchoices).get(text, text))
    message = _(
        "Someone else changed this field while you were writing: “%(text)s”. Save again to keep your text."
    )
    return message % {"text": Truncator(text).chars(MAX_SHOWN)}


def _mark(form, name):
    return mark_of(_as_written(_field(form, name), form.initial.get(name)))


def _field(form, name):
    """The field of the model, or None for one of the form alone."""
    return next((field for field in form._meta.model._meta.get_fields() if field.name == name), None)


def _as_written(field, value):
    """What people wrote of it: what a rich text takes from facts and images is no change of theirs."""
    return current_texts.as_written(value) if isinstance(field, RichTextField) and value else value


def mark_of(value):
    """Returns what stands for a value: the same for the same value, also in another process."""
    return hashlib.sha256(repr(value or "").encode()).hexdigest()[:MARK_LENGTH]


def _write(form):
    return " ".join(f"{name}:{_mark(form, name)}" for name in form.fields)


def _parse(text):
    return dict(part.split(":", 1) for part in text.split() if ":" in part)
