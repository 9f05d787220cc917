"""The blocks of a form laid out as Django’s own templates do, without a template for every field.

A page of thirty blocks has hundreds of fields, and a template of Django's takes longer for one than this for ten. What
comes out is the same, which a test compares.
"""

from functools import partial

from django import forms
from django.forms.utils import flatatt
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, linebreaks
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

# Of these, and not of what is made from them, it is known what their templates say.
INPUT, TEXTAREA = "django/forms/widgets/input.html", "django/forms/widgets/textarea.html"
PLAIN = {
    INPUT: INPUT,
    "django/forms/widgets/text.html": INPUT,
    "django/forms/widgets/hidden.html": INPUT,
    TEXTAREA: TEXTAREA,
}


def blocks(formset):
    """All blocks of one kind, and the empty one that new ones are made from: a `helpers.InlineAdminFormSet`."""
    forms_ = list(formset)
    prefix = formset.formset.prefix
    kind = escape(capfirst(formset.opts.verbose_name))
    notes = partial(_notes, formset.opts)
    last = len(forms_) - 1 if formset.has_add_permission else None
    return mark_safe(
        "".join(
            _block(form, prefix, kind, place, notes, is_empty=place == last)
            for place, form in enumerate(forms_)
        )
    )


def _notes(inline, block):
    """What the template of the page says to the editor of a block: its tip, and that it has no such blocks."""
    if not block.pk:
        return ""
    tip = getattr(inline, "tips", {}).get(block.key)
    notes = f'<div class="ci-tip">{linebreaks(tip, autoescape=True)}</div>' if tip else ""
    if getattr(inline, "is_of_other_kind", False):
        text = escape(_("The template of this page does not have this type of block."))
        notes += f'<p class="ci-notice ci-notice--warning">{text}</p>'
    return notes


def _block(form, prefix, kind, place, notes, *, is_empty):
    classes = "inline-related" + " has_original" * bool(form.original) + " empty-form last-related" * is_empty
    # Not `form.original`: after a refusal Django pairs it with the forms by their place, which may have changed.
    named = escape(form.form.instance) if form.original else f"#{place + 1}"
    errors = form.form.non_field_errors()
    return (
        f'<div class="{classes}" id="{prefix}-{"empty" if is_empty else place}">'
        f'<h3><b>{kind}:</b> <span class="inline_label">{named}</span>{_deletion(form)}</h3>'
        f"{notes(form.form.instance)}{errors or ''}{''.join(map(_fieldset, form))}"
        f"{_field(form.pk_field().field) if form.needs_explicit_pk_field() else ''}"
        f"{_field(form.fk_field().field) if form.fk_field() else ''}</div>"
    )


def _deletion(form):
    if not (form.original and form.formset.can_delete):
        return ""
    field = form.deletion_field()
    return f'<span class="delete">{_field(field.field)} {_label(field)}</span>'


def _fieldset(fieldset):
    return f'<fieldset class="module aligned {fieldset.classes}">{"".join(map(_line, fieldset))}</fieldset>'


def _line(line):
    fields = list(line)
    is_one, names = len(fields) == 1, "".join(f" field-{field.field.name}" for field in fields)
    classes = (
        "form-row" + " errors" * bool(is_one and line.errors()) + " hidden" * (not line.has_visible_field)
    )
    inner = "".join(_field_box(field, is_one) for field in fields)
    inner = (
        f"{line.errors()}{inner}" if is_one else f'<div class="flex-container form-multiline">{inner}</div>'
    )
    return f'<div class="{classes}{names}">{inner}</div>'


def _field_box(field, is_one):
    bound = field.field
    errors = "" if is_one else field.errors()
    classes = "flex-container"
    if not is_one:
        classes += f" fieldBox field-{bound.name}" + " errors" * bool(errors) + " hidden" * bound.is_hidden
    label = _label(field)
    both = f"{_field(bound)}{label}" if field.is_checkbox else f"{label} {_field(bound)}"
    classes += " checkbox-row" * field.is_checkbox
    return f'<div>{errors}<div class="{classes}">{both}</div>{_help(bound)}</div>'


def _help(bound):
    if not bound.help_text:
        return ""
    name = f' id="{bound.id_for_label}_helptext"' if bound.id_for_label else ""
    return f'<div class="help{" hidden" * bound.is_hidden}"{name}><div>{bound.help_text}</div></div>'


def _label(field):
    bound = field.field
    classes = ["vCheckboxLabel"] * field.is_checkbox + ["required"] * bound.field.required
    classes += ["inline"] * (not field.is_first)
    text = conditional_escape(bound.label)
    if not field.is_checkbox and text[-1:] not in ":?.!":
        text += bound.form.label_suffix or ""
    attributes = f' for="{bound.id_for_label}"' if bound.id_for_label else ""
    attributes += f' class="{" ".join(classes)}"' if classes else ""
    return f"<label{attributes}>{text}</label>"


def _field(bound):
    """The widget of a bound field."""
    widget = bound.field.widget
    kind = PLAIN.get(getattr(widget, "template_name", ""))
    if kind is None or type(widget).render is not forms.Widget.render or bound.field.show_hidden_initial:
        return str(bound)
    attrs = bound.build_widget_attrs({}, widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs.setdefault("id", bound.auto_id)
    data = widget.get_context(bound.html_name, bound.value(), attrs)["widget"]
    named = {
        name: str(value) if isinstance(value, Promise) else value for name, value in data["attrs"].items()
    }
    value = data["value"]
    if kind is TEXTAREA:
        return f'<textarea name="{data["name"]}"{flatatt(named)}>\n{escape(value or "")}</textarea>'
    value = "" if value is None else f' value="{escape(value)}"'
    return f'<input type="{data["type"]}" name="{data["name"]}"{value}{flatatt(named)}>'
