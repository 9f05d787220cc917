"""Says in the header of the admin how many notifications a person has not read."""

from django.template import Library

from pages import notifications

register = Library()


@register.simple_tag(takes_context=True)
def unread_notifications(context):
    """The number of unread notifications of who is signed in: one query."""
    return notifications.unread_count(context["request"].user)
