"""Puts what waits to be done on the front page of the admin."""

from django import template

from pages.admin import worklist as lists

register = template.Library()


@register.inclusion_tag("admin/pages/worklist.html", takes_context=True)
def worklist(context):
    person = context["request"].user
    tasks = lists.tasks(person)
    return {
        "tasks": tasks,
        "is_idle": all(task.key == "recent" for task in tasks),
        "is_shown": person.is_superuser or bool(person.get_all_permissions()),
    }
