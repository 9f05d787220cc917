"""Titles of the screens of a `ModelAdmin`, written out for each model."""

from django.utils.text import capfirst


class TitledAdminMixin:
    """Gives the screens of a model titles of their own, and its list the plural of its name.

    Django puts the name of a model into one sentence for all models. French needs an article there, which depends on
    the name: « Modifier l’organisation partenaire ». `titles` has one for each of “add”, “change” and “view”.
    """

    titles: dict

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, obj=None, **options):
        may_change = self.has_change_permission(request, obj)
        context["title"] = self.titles["add" if add else "change" if may_change else "view"]
        return super().render_change_form(request, context, add=add, obj=obj, **options)
