"""What kept a form from being saved, for the list at its top: each error with a link to its field."""

from typing import NamedTuple

from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..integers import MAX_INTEGER, parse_integer


class ErrorLine(NamedTuple):
    """`field` names the field as people know it, with a colon; `target` is the id of its element.

    Both are "" for what is said of the form as a whole.
    """

    field: str
    target: str
    message: str


class ErrorSummary(NamedTuple):
    """What a refused form says at its top; `count` leaves out what is said of the form as a whole."""

    lines: list[ErrorLine]

    @property
    def count(self):
        return sum(1 for line in self.lines if line.target)


class ErrorSummaryMixin:
    """For an admin: its form tells what was refused in a list of its own, instead of Django's sentence."""

    def render_change_form(self, request, context, **kwargs):
        if context.get("errors"):
            formsets = [formset.formset for formset in context["inline_admin_formsets"]]
            context["error_summary"] = error_summary(context["adminform"].form, formsets)
            context["errors"] = None
        return super().render_change_form(request, context, **kwargs)


def error_summary(form, formsets):
    """Returns the errors of a bound form in the order of its fields, then those of its blocks in theirs."""
    lines = _form_errors(form)
    for formset in formsets:
        lines += [ErrorLine("", "", message) for message in formset.non_form_errors()]
    blocks = [block for formset in formsets for block in formset.forms if block.errors]
    for block in sorted(blocks, key=_position):
        lines += _form_errors(block, _block_name(block))
    return ErrorSummary(lines)


def _form_errors(form, block=""):
    names = [NON_FIELD_ERRORS, *form.fields]
    return [_line(form, name, block, message) for name in names for message in form.errors.get(name, ())]


def _line(form, name, block, message):
    if name == NON_FIELD_ERRORS:
        return ErrorLine(f"{block}{form.label_suffix}" if block else "", "", message)
    label = str(form[name].label)
    field = _("%(block)s, %(field)s") % {"block": block, "field": label} if block else label
    return ErrorLine(f"{field}{form.label_suffix}", form[name].id_for_label or form[name].auto_id, message)


def _position(block):
    return parse_integer(str(block["ordering"].value() or ""), maximum=MAX_INTEGER) or 0


def _block_name(block):
    """How people know a block: what it is, and its heading as it was typed."""
    kind, title = capfirst(block.instance._meta.verbose_name), str(block.instance)
    if title == str(block.instance._meta.verbose_name):
        return kind
    return _("%(kind)s “%(heading)s”") % {"kind": kind, "heading": title}
