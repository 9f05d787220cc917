"""What screens of the admin take from their address: filters that they offer, and a search of bounded length."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.utils.text import smart_split
from django.utils.translation import gettext as _

from ..integers import parse_integer, parse_integers

# Each word is a condition for every column that is searched, and databases take only so many.
MAX_WORDS = 20
MAX_CHARACTERS = 500


class BoundedLookupsMixin:
    """For a `ModelAdmin`: an address filters by what `list_filter` offers and by nothing else.

    Django takes any lookup of any column there (`?title__regex=`, `?received_at__year=99999`), and databases fail on
    some of their values.
    """

    def lookup_allowed(self, lookup, value, request):
        if lookup in self._filter_parameters():
            return True  # such a filter ignores the values that it does not offer
        number = value.removeprefix("-") if isinstance(value, str) else ""
        if number.isdigit() and parse_integer(number) is None:
            return False
        return lookup in self._column_lookups() and super().lookup_allowed(lookup, value, request)

    def _filter_parameters(self):
        return {
            list_filter.parameter_name
            for list_filter in self.list_filter
            if hasattr(list_filter, "parameter_name")
        }

    def _column_lookups(self):
        columns = [
            list_filter for list_filter in self.list_filter if not hasattr(list_filter, "parameter_name")
        ]
        names = [list_filter[0] if isinstance(list_filter, tuple) else list_filter for list_filter in columns]
        ends = ("", "__exact", "__id__exact", "__isnull")
        return {f"{name}{end}" for name in names for end in ends}

    def get_object(self, request, object_id, from_field=None):
        """Finds the object by its key where the address names no column: Django looks for a column without a name."""
        return super().get_object(request, object_id, from_field or None)

    def response_action(self, request, queryset):
        """Acts on the ids among what was chosen: Django hands the database whatever was sent."""
        sent = request.POST.copy()
        sent.setlist(ACTION_CHECKBOX_NAME, map(str, parse_integers(sent.getlist(ACTION_CHECKBOX_NAME))))
        request.POST = sent
        return super().response_action(request, queryset)

    def get_search_results(self, request, queryset, search_term):
        """Searches for the first `MAX_WORDS` words, and says so when there are more."""
        words = list(smart_split(search_term[:MAX_CHARACTERS]))
        if len(words) > MAX_WORDS or len(search_term) > MAX_CHARACTERS:
            text = _("Only the first %(number)s words were searched for.") % {
                "number": min(len(words), MAX_WORDS)
            }
            self.message_user(request, text, messages.WARNING, fail_silently=True)
        return super().get_search_results(request, queryset, " ".join(words[:MAX_WORDS]))
