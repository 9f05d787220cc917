"""The groups of people: editors write the working copies, publishers also decide what becomes public."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

BLOCKS = ["textsection", "objective", "partnerlist", "figure", "pagelist"]
EDITOR = [
    *(f"{action}_{model}" for model in ["page", "partnerorganization"] for action in ["add", "change", "view"]),
    *(f"{action}_{model}" for model in BLOCKS for action in ["add", "change", "delete", "view"]),
    "view_edition",
]
PUBLISHER = [*EDITOR, "publish_page", "delete_page", "delete_partnerorganization"]


def make_groups(apps, schema_editor):
    using = schema_editor.connection.alias
    make_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="pages")
    for name, rights in {"Editor": EDITOR, "Publisher": PUBLISHER}.items():
        group, _created = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=rights))


def make_permissions(apps, using):
    """On a new database they would be made only after the last migration."""
    application = apps.get_app_config("pages")
    module, application.models_module = getattr(application, "models_module", None), True
    create_permissions(application, apps=apps, using=using, verbosity=0)
    application.models_module = module


class Migration(migrations.Migration):
    dependencies = [
        ("pages", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
