"""What the screen that asks before something is deleted lists: what people know, not every row of a table."""

from django.apps import apps
from django.utils.text import capfirst


class DeletionSummaryMixin:
    """Leaves out rows that only connect two others, such as an account and its group: they have no name to show."""

    unlisted_models = ()  # others that nobody wrote or can see

    def get_deleted_objects(self, objs, request):
        lines, numbers, *others = super().get_deleted_objects(objs, request)
        unlisted = [model._meta for model in (*_connecting_models(), *self.unlisted_models)]
        starts = tuple(f"{capfirst(options.verbose_name)}: " for options in unlisted)
        names = {options.verbose_name_plural for options in unlisted}
        shown = {name: number for name, number in numbers.items() if name not in names}
        return _without(starts, lines), shown, *others


def _connecting_models():
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.auto_created)


def _without(starts, lines):
    """A list of lines and of such lists, without the lines that start so."""
    left = [_without(starts, line) if isinstance(line, list) else line for line in lines]
    return [line for line in left if line and not str(line).startswith(starts)]
