"""A group that can look after problem reports and nothing else; publishers close them by publishing, editors read them."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

READ = ["view_problemreport"]
LOOK_AFTER = [*READ, "change_problemreport"]
RIGHTS = {"Triage": LOOK_AFTER, "Publisher": LOOK_AFTER, "Editor": READ}


def give_rights(apps, schema_editor):
    using = schema_editor.connection.alias
    make_permissions(apps, using)
    permissions = apps.get_model("auth", "Permission").objects.using(using).filter(content_type__app_label="reports")
    for name, rights in RIGHTS.items():
        group, _created = apps.get_model("auth", "Group").objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions.filter(codename__in=rights))


def make_permissions(apps, using):
    """On a new database they would be made only after the last migration."""
    application = apps.get_app_config("reports")
    module, application.models_module = getattr(application, "models_module", None), True
    create_permissions(application, apps=apps, using=using, verbosity=0)
    application.models_module = module


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_triage"), ("pages", "0002_groups")]

    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
