"""Administrators add and change accounts, which the documents promise. Which ones, `delegation` decides."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

RIGHTS = ["add_user", "change_user", "view_user"]


def give_rights(apps, schema_editor):
    using = schema_editor.connection.alias
    make_permissions(apps, using)
    group = apps.get_model("auth", "Group").objects.using(using).filter(name="Administrator").first()
    if group is not None:  # a site may have given it another name, and decides by itself then
        permissions = apps.get_model("auth", "Permission").objects.using(using)
        group.permissions.add(*permissions.filter(content_type__app_label="auth", codename__in=RIGHTS))


def make_permissions(apps, using):
    """On a new database they would be made only after the last migration."""
    application = apps.get_app_config("auth")
    module, application.models_module = getattr(application, "models_module", None), True
    create_permissions(application, apps=apps, using=using, verbosity=0)
    application.models_module = module


class Migration(migrations.Migration):
    dependencies = [
        ("canada_iraq", "0001_initial"),
        ("pages", "0012_administrators"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
