"""Choosing the part of an image that pages show: four numbers, which a script also sets on the image itself."""

from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

# In the order in which `image_crops` writes them.
NUMBERS = {"left": _("From the left"), "top": _("From the top"), "width": _("Width"), "height": _("Height")}


class CropInput(forms.Widget):
    """Takes a rectangle as `image_crops` writes it. `picture` is the stored image, where there is one."""

    use_fieldset = True
    picture = None

    def render(self, name, value, attrs=None, renderer=None):
        own = (attrs or {}).get("id") or f"id_{name}"
        values = (value or "").split(" ")
        values += [""] * (len(NUMBERS) - len(values))
        numbers = [
            {
                "id": own if index == 0 else f"{own}_{part}",
                "name": f"{name}_{part}",
                "label": label,
                "value": values[index],
            }
            for index, (part, label) in enumerate(NUMBERS.items())
        ]
        return render_to_string("admin/pages/crop_input.html", {"numbers": numbers, "picture": self.picture})

    def value_from_datadict(self, data, files, name):
        values = ["".join(data.get(f"{name}_{part}", "").split()) for part in NUMBERS]
        return " ".join(value.lstrip("0") or value[:1] for value in values) if any(values) else ""

    def value_omitted_from_data(self, data, files, name):
        return all(f"{name}_{part}" not in data for part in NUMBERS)
