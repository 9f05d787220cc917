"""How the scripts of the forms are loaded under a policy that allows only those that carry the answer's nonce."""

from js_asset import ImportMap, Media, Script

from .js_messages import texts

importmap = ImportMap(
    {
        "pages-admin/definition-list": "pages/admin/definition_list.js",
        "pages-admin/dialog": "pages/admin/dialog.js",
        "pages-admin/fact-dialog": "pages/admin/fact_dialog.js",
        "pages-admin/finder": "pages/admin/finder.js",
        "pages-admin/footnote": "pages/admin/footnote.js",
        "pages-admin/framed-page": "pages/admin/framed_page.js",
        "pages-admin/image-dialog": "pages/admin/image_dialog.js",
        "pages-admin/inline-image": "pages/admin/inline_image.js",
        "pages-admin/link-dialog": "pages/admin/link_dialog.js",
        "pages-admin/new-part": "pages/admin/new_part.js",
        "pages-admin/paste": "pages/admin/paste.js",
        "pages-admin/words": "pages/admin/words.js",
    }
)


class ScriptsMixin:
    """For an admin: its form loads our scripts, with their words, and every tag carries the nonce."""

    form_scripts = ()

    def render_change_form(self, request, context, **kwargs):
        context["texts"] = texts()
        response = super().render_change_form(request, context, **kwargs)
        media = _own_media(*self.form_scripts) + Media.from_media(response.context_data["media"])
        response.context_data["media"] = media.with_nonce(str(request.csp_nonce))
        return response


def own_media(request, *scripts):
    """Returns what loads some of our scripts on a screen that is no form of Django's."""
    modules = [Script(f"pages/admin/{name}", type="module") for name in scripts]
    return Media(importmap=importmap, js=["pages/admin/nonce.js", *modules]).with_nonce(
        str(request.csp_nonce)
    )


def _own_media(*scripts):
    modules = [Script(f"pages/admin/{name}", type="module") for name in (*scripts, "languages.js", "form.js")]
    return Media(importmap=importmap, js=["pages/admin/nonce.js", *modules])
