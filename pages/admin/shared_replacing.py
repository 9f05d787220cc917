"""Replace a text in what pages share: partner organizations, files to download, images and shared blocks."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .. import site_text, working_copy
from ..integers import MAX_INTEGER, parse_integer
from ..models.page import Page
from ..models.shared_block import SharedBlock
from ..models.shared_parts import SHARED_MODELS
from .bilingual import label

MODELS = {model._meta.model_name: model for model in (*SHARED_MODELS.values(), SharedBlock)}


@dataclass(frozen=True, slots=True)
class SharedGroup:
    """A row that pages share, and the places in it, as triples of the name of the field, the place, and its value in a
    form. `seen` stands for what the row says.
    """

    row: Any
    kind: str
    url: str
    name: str
    seen: str
    places: list[tuple[str, site_text.SharedPlace, str]]


@dataclass(slots=True)
class SharedResult:
    """What became of one row: the number of places changed and the pages that show it, or why none was."""

    row: Any
    url: str = ""
    number: int = 0
    reason: Any = ""
    pages: list[Page] | tuple = ()


def shared_groups(site, request, query):
    """Returns a `SharedGroup` for each row with the text that a person may change: a query for each table."""
    return [
        _group(row, list(places))
        for name, model in MODELS.items()
        if site.get_model_admin(model).has_change_permission(request)
        for row, places in groupby(_replaceable(query, model), key=lambda place: place.row)
    ]


def _replaceable(query, model):
    places = site_text.find_shared(query, model)
    return [
        place
        for place in places
        if place.column in site_text.replaceable_columns(place.row) and not place.match.is_fact
    ]


def _group(row, places):
    name = row._meta.model_name
    return SharedGroup(
        row,
        capfirst(str(row._meta.verbose_name)),
        reverse(f"admin:pages_{name}_change", args=[row.pk]),
        f"seen-{name}-{row.pk}",
        _digest(row),
        [
            (
                field_of_match(_field_name(row, place.column), place.match),
                place,
                "|".join([name, str(row.pk), place.column, str(place.match.index)]),
            )
            for place in places
        ],
    )


def field_of_match(field, match):
    """Returns the name of a field with what of it says the text, where its words do not."""
    named = {"alt": _("alternative text of an image"), "title": _("full name of an abbreviation")}
    return f"{field}, {named[match.attribute]}" if match.attribute else field


def _digest(row):
    """What stands for the texts of a row: the same for the same texts, also in another process."""
    texts = [getattr(row, column) for column in site_text.replaceable_columns(row)]
    return sha256(repr(texts).encode()).hexdigest()


def _field_name(row, column):
    model = row.model if isinstance(row, SharedBlock) else type(row)
    return label(model._meta.get_field(column).translated_field.verbose_name, column[-2:])


def replace_shared(site, request, form):
    """Replaces at the places that were chosen, each row in its own transaction; returns a `SharedResult` for each."""
    return [
        _replace(site.get_model_admin(MODELS[name]), request, form, pk, chosen)
        for (name, pk), chosen in _chosen(request.POST).items()
    ]


def _replace(model_admin, request, form, pk, chosen):
    result = SharedResult(model_admin.model.objects.filter(pk=pk).first())
    if result.row is None:
        result.reason = _("It has been deleted.")
        return result
    result.url = reverse(f"admin:pages_{model_admin.opts.model_name}_change", args=[pk])
    try:
        with transaction.atomic():
            result.number = _write(model_admin, request, form, pk, chosen)
    except ValidationError as error:
        result.reason = " ".join(error.messages)
    else:
        result.reason = "" if result.number else _("Nothing was replaced here.")
        result.pages = list(model_admin.pages_with(result.row)) if result.number else []
    return result


def _write(model_admin, request, form, pk, chosen):
    """Changes one row, under lock and only as it was shown. Raises ValidationError."""
    row = model_admin.get_queryset(request).for_update_in_order().filter(pk=pk).first()
    if row is None or not model_admin.has_change_permission(request, row):
        raise ValidationError(_("You may not change it."))
    if request.POST.get(f"seen-{row._meta.model_name}-{pk}") != _digest(row):
        raise ValidationError(_("It was changed since these places were shown. Look for the text again."))
    try:
        number = site_text.replace_in_row(row, form.query, form.cleaned_data["replacement"], chosen)
    except site_text.TextRefused as refusal:
        field = _field_name(row, refusal.path[0])
        raise ValidationError([f"{field}: {message}" for message in refusal.messages]) from None
    if not isinstance(row, SharedBlock) and not working_copy.read_shared(row).label:
        raise ValidationError(_("It needs a name or a title in at least one language."))
    if number:
        model_admin.save_texts(request, row)
    return number


def _chosen(post):
    """The places that were chosen: by table and id, the indexes of matches by column. Others are left out."""
    rows = defaultdict(lambda: defaultdict(set))
    for value in post.getlist("shared"):
        name, pk, column, index = [*value.split("|"), "", "", "", ""][:4]
        pk, index = parse_integer(pk), parse_integer(index, maximum=MAX_INTEGER)
        if name in MODELS and pk and index is not None:
            rows[name, pk][column].add(index)
    return rows
