"""Entering a date and time in the zone of the site, with a choice where clocks go back and an hour comes twice."""

from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..local_time import MAX_YEAR, MIN_YEAR, change_of_clocks, format_date_time, moments

# Marks what was written without a zone: nothing else uses this object.
NO_ZONE = ZoneInfo.no_cache("UTC")


class TypedTime(str):
    """What was typed, and which of the two times was chosen where it comes twice: "0", "1" or ""."""

    __slots__ = ("chosen",)

    def __new__(cls, text, chosen=""):
        typed = super().__new__(cls, text)
        typed.chosen = chosen
        return typed


class LocalDateTimeInput(forms.DateTimeInput):
    """A date and time without zone; where it comes twice, also radio buttons for the first and the second."""

    def __init__(self, attrs=None):
        bounds = {"min": f"{MIN_YEAR}-01-01T00:00", "max": f"{MAX_YEAR}-12-31T23:59"}
        super().__init__({"type": "datetime-local", **bounds, **(attrs or {})}, format="%Y-%m-%dT%H:%M")

    def value_from_datadict(self, data, files, name):
        typed = super().value_from_datadict(data, files, name)
        return typed if typed is None else TypedTime(typed, data.get(f"{name}-fold", ""))

    def render(self, name, value, attrs=None, renderer=None):
        field = super().render(name, value, attrs, renderer)
        local = _parse(value) if isinstance(value, TypedTime) else None
        both = _moments(local) if local else ()
        return field if len(both) < 2 else format_html("{}{}", field, _choice(name, value.chosen, both))


def _choice(name, chosen, both):
    words = (_("The first: %(time)s, %(zone)s"), _("The second: %(time)s, %(zone)s"))
    buttons = format_html_join(
        "",
        '<div><label><input type="radio" name="{}" value="{}"{}> {}</label></div>',
        (
            (f"{name}-fold", fold, " checked" if chosen == str(fold) else "", text % _time_and_zone(moment))
            for fold, (text, moment) in enumerate(zip(words, both, strict=True))
        ),
    )
    return format_html(
        "<fieldset><legend>{}</legend><div>{}</div></fieldset>", _("Which of the two do you mean?"), buttons
    )


def _time_and_zone(moment):
    local = timezone.localtime(moment)
    offset = f"{local:%z}"
    return {
        "time": date_format(local, "TIME_FORMAT"),
        "zone": f"UTC{offset[:3]}:{offset[3:]}".replace("-", "−"),
    }


def _refuse_years_far_away(date):
    if not MIN_YEAR <= date.year <= MAX_YEAR:
        text = _("Choose a date between the years %(first)s and %(last)s.")
        raise ValidationError(text % {"first": MIN_YEAR, "last": MAX_YEAR})


class NearDateField(forms.DateField):
    """A date in a year from `MIN_YEAR` to `MAX_YEAR`: others, such as 0207, are slips of the keyboard."""

    def to_python(self, value):
        date = super().to_python(value)
        if date is not None:
            _refuse_years_far_away(date)
        return date


class LocalDateTimeField(forms.DateTimeField):
    """A moment, written as a local time of the site's zone.

    A time in the hour that is skipped or repeated when clocks change is explained, and where it comes twice, the
    person chooses. Years from `MIN_YEAR` to `MAX_YEAR` are taken.
    """

    widget = LocalDateTimeInput

    def __init__(self, **kwargs):
        super().__init__(**{"label": gettext_lazy("Date and time"), **kwargs})

    def to_python(self, value):
        with timezone.override(NO_ZONE):
            moment = super().to_python(value)
        if moment is None:
            return None
        _refuse_years_far_away(moment)
        if moment.tzinfo is not NO_ZONE:
            return moment
        return _chosen(moment.replace(tzinfo=None), getattr(value, "chosen", ""))


def _parse(text):
    try:
        with timezone.override(NO_ZONE):
            moment = forms.DateTimeField().to_python(text)
    except ValidationError:
        return None
    is_local = moment and moment.tzinfo is NO_ZONE and MIN_YEAR <= moment.year <= MAX_YEAR
    return moment.replace(tzinfo=None) if is_local else None


def _moments(local):
    return moments(local, timezone.get_current_timezone())


def _chosen(local, chosen):
    found = _moments(local)
    if len(found) == 1:
        return found[0]
    if found and chosen in ("0", "1"):
        return found[int(chosen)]
    raise ValidationError(_explanation(local, comes_twice=bool(found)))


def _explanation(local, *, comes_twice):
    before, after = change_of_clocks(local, timezone.get_current_timezone())
    values = {
        "time": format_date_time(local),
        "before": date_format(before, "TIME_FORMAT"),
        "after": date_format(after, "TIME_FORMAT"),
        "zone": timezone.get_current_timezone_name(),
    }
    if comes_twice:
        return (
            _(
                "%(time)s occurs twice, because clocks go back from %(before)s to %(after)s (%(zone)s). Choose "
                "which one you mean."
            )
            % values
        )
    return (
        _(
            "%(time)s does not exist, because clocks go forward from %(before)s to %(after)s (%(zone)s). "
            "Choose a time before %(before)s, or from %(after)s on."
        )
        % values
    )
