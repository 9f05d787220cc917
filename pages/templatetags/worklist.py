"""Puts what waits to be done on the front page of the admin."""

from django import template

from pages.admin import worklist as lists

register = template.Library()


@register.inclusion_tag("admin/pages/worklist.html", takes_context=True)
def worklist(context):
    tasks = lists.tasks(context["request"].user)
    return {"tasks": tasks, "is_idle": all(task.key == "recent" for task in tasks)}
