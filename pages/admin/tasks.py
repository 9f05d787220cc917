"""What there is to do, as the worklist and the bar of a page's form show it, with what other applications add."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class TaskItem:
    """One thing to do, and the address of the place where it is done."""

    title: str
    url: str
    detail: str = ""


@dataclass(frozen=True)
class Task:
    """One list; `more` is an address that shows all of it, "" where every line is here.

    `number` is how many things wait in it, at least that many where it is cut; None where nobody has to do them.
    """

    key: str
    name: str
    lines: tuple[TaskItem, ...]
    is_cut: bool = False
    more: str = ""
    number: int | None = None


def external_tasks():
    """What other applications add: settings.PAGE_TASKS names their classes.

    Each has `task(person)`, a `Task` for the worklist, and `stale_texts_of_page(person, page)`, a `TaskItem` for the
    bar of that page's form; both may be None.
    """
    return [import_string(name) for name in settings.PAGE_TASKS]
