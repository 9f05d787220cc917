"""Asks, on the screens that change what is public, what becomes of editions that fall due afterwards."""

from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from .. import readiness, rescheduling, working_copy
from ..document import RICH_TEXT, Document
from ..merging import Difference, Merged, Outcome
from ..models.edition import Edition
from ..rescheduling import Choice, Decision
from . import changes
from .bilingual import label

# What keeping an edition means, where it does not take back a text that has just been published.
KEEP_LABELS = {
    Edition.Kind.ARCHIVED: gettext_lazy(
        "Keep it (the page will then be archived, with the text that is public at that time)"
    ),
    Edition.Kind.WITHDRAWN: gettext_lazy("Keep it (the page will then be withdrawn)"),
    Edition.Kind.CURRENT: gettext_lazy(
        "Keep it (the page will then be public again, with the text of this edition)"
    ),
}


# What becomes of a passage that both texts changed, on a screen that only proposes.
UNDECIDED = gettext_lazy("Changed in both (the person who approves chooses)")


class ChoiceForm(forms.Form):
    """What becomes of one scheduled edition; with a choice for each passage that both texts changed."""

    choice = forms.ChoiceField(widget=forms.RadioSelect)

    def __init__(self, data, edition, choices, rows=()):
        super().__init__(data, prefix=f"scheduled-{edition.number}")
        self.edition, self.views = edition, {}
        self.fields["choice"].choices = choices
        self.fields["choice"].label = _("What should happen to edition %(number)s?") % {
            "number": edition.number
        }
        self.fields["choice"].error_messages["required"] = _(
            "Edition %(number)s is scheduled for later. Choose what happens to it."
        ) % {"number": edition.number}
        if edition.changes_state:
            self.fields["choice"].initial = Choice.KEEP
        for index, row in enumerate(row for row in rows if row.is_conflict):
            name = f"side-{index}"
            self.views[name] = row.key
            self.fields[name] = forms.ChoiceField(
                label=row.title,
                choices=[
                    (
                        Outcome.SCHEDULED.value,
                        _("Use the text of edition %(number)s") % {"number": edition.number},
                    ),
                    (Outcome.NEW.value, _("Use the new text")),
                ],
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self):
        values = super().clean()
        for name in self.views if values.get("choice") == Choice.CARRY else ():
            if not values.get(name):
                self.add_error(name, _("Both texts changed this passage. Choose which one to use."))
        return values

    @property
    def decision(self):
        sides = {key: self.cleaned_data.get(name, "") for name, key in self.views.items()}
        return Decision(
            Choice(self.cleaned_data["choice"]), {key: side for key, side in sides.items() if side}
        )


@dataclass(frozen=True, slots=True)
class Row:
    """One difference of the three-way comparison: what each side made of the text that was live before."""

    key: str
    name: str
    language: str
    scheduled: Any
    new: Any
    outcome: str
    is_text: bool
    is_conflict: bool

    @property
    def title(self):
        return label(self.name, self.language) if self.language else self.name


class ScheduledPanel:
    """See `publishing.panels_of`. `document` is what becomes public; None where only the state of the page changes.

    `number` is that of the edition that becomes public, if it has one already. A withdrawal asks about texts only: it
    cancels archives that are left with nothing to archive.
    """

    template = "admin/pages/page/scheduled_panel.html"

    def __init__(self, request, page, document=None, *, number=None, only_texts=False):
        self.request, self.page, self.number = request, page, number
        editions = Edition.objects.scheduled().filter(page=page).order_by("publish_at", "number")
        if only_texts:
            editions = editions.filter(kind=Edition.Kind.CURRENT)
        self.forms = [self._form(edition, document) for edition in editions]
        self.decisions = {}

    def _form(self, edition, document):
        rows = ()
        if document and not edition.changes_state:
            merged = rescheduling.carried(edition, document)
            rows = tuple(sorted(_rows(edition, document, merged), key=lambda row: not row.is_conflict))
        form = ChoiceForm(self.request.POST or None, edition, self.choices(edition, document), rows)
        form.rows = rows
        return form

    @staticmethod
    def choices(edition, document):
        """Returns the choices for one edition: only a text takes another one back, and can have it carried into it."""
        if edition.changes_state or document is None:
            return [
                (Choice.KEEP.value, KEEP_LABELS[edition.kind]),
                (Choice.CANCEL.value, Choice.CANCEL.label),
            ]
        return Choice.choices

    def is_valid(self, moment=None):
        """Tells whether each edition that falls due after a moment (now: None) is decided about."""
        affected = [form for form in self.forms if self._falls_due_after(form.edition, moment)]
        valid = [form for form in affected if form.is_valid()]
        self.decisions = {form.edition.number: form.decision for form in valid}
        return valid == affected

    def _falls_due_after(self, edition, moment):
        if moment is None:
            return True
        is_last = self.number is not None and edition.number > self.number
        return edition.publish_at > moment or edition.publish_at == moment and is_last

    def after_publish(self, edition):
        """Does what was decided; returns the pairs of an edition and the one that took its place."""
        pairs = rescheduling.settle(edition, self.decisions, by=self.request.user)
        for before, after in pairs:
            text = _("Edition %(after)s replaces edition %(before)s, at the same date and time.")
            values = {"before": before.number, "after": after.number}
            messages.success(self.request, text % values)
        return pairs


class AdvicePanel(ScheduledPanel):
    """On the screen that submits: what the author proposes, for the person who approves to decide."""

    def __init__(self, request, page, document):
        super().__init__(request, page, document)
        for form in self.forms:
            label = _("What should happen to edition %(number)s? The person who approves decides.")
            form.fields["choice"].label = label % {"number": form.edition.number}
            for name in form.views:
                del form.fields[name]
            form.views = {}
            form.rows = tuple(
                replace(row, outcome=UNDECIDED) if row.is_conflict else row for row in form.rows
            )

    @property
    def advice(self):
        """What is proposed, in a sentence for each edition."""
        chosen = [(form.edition.number, form.cleaned_data["choice"], form) for form in self.forms]
        labels = [(number, dict(form.fields["choice"].choices)[choice]) for number, choice, form in chosen]
        return "\n".join(_("Edition %(number)s: %(choice)s.") % {"number": n, "choice": c} for n, c in labels)


def settle_panels(panels, edition):
    """Tells all panels of a publish screen what was published, and which edition took the place of another one."""
    pairs = [pair for panel in panels for pair in panel.after_publish(edition) or ()]
    for panel in panels:
        for before, after in pairs if hasattr(panel, "carried") else ():
            panel.carried(before, after)


def _rows(edition, document: Document, merged: Merged):
    frozen = edition.read()
    for difference in merged.differences:
        is_text = bool(difference.language)
        yield Row(
            key=difference.key,
            name=_name(difference, frozen, document),
            language=difference.language,
            scheduled=_side(difference, difference.scheduled),
            new=_side(difference, difference.new),
            outcome=_outcome(difference),
            is_text=is_text,
            is_conflict=difference.outcome == Outcome.CONFLICT,
        )


def _name(difference: Difference, frozen: Document, document: Document) -> str:
    path = difference.path
    if _is_block(difference):
        block = difference.new or difference.scheduled or difference.base
        return changes.block_name(working_copy.MODELS[type(block)], None, block)
    has_it = any(block.key == path[1] for block in document.blocks) if len(path) > 1 else True
    return capfirst(readiness.field_label(document if has_it else frozen, path))


def _is_block(difference: Difference) -> bool:
    return len(difference.path) == 2 and difference.path[0] == "blocks"


def _side(difference: Difference, value: Any) -> Any:
    """What one side made of the base: passages with their words marked, or a word."""
    if difference.language:
        is_rich = difference.path[-1] in RICH_TEXT
        return changes.passages(difference.base, value, difference.language, rich=is_rich)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, int | str):
        return str(value)
    if isinstance(value, tuple):
        return changes.term_labels(value)
    if value == difference.base:
        return _("Unchanged") if value is not None else "–"
    if value is None:
        return pgettext("block", "Deleted")
    return pgettext("block", "Added") if difference.base is None else pgettext("block", "Changed")


def _outcome(difference: Difference) -> str:
    if difference.outcome == Outcome.CONFLICT:
        return _("Changed in both (you choose)")
    if difference.scheduled == difference.new:
        return _("The same in both")
    if difference.outcome == Outcome.NEW:
        return _("The new text is added to the edition")
    return _("The edition keeps its own text")
