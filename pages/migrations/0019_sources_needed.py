from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds what a page still needs a source for; it is of the working copy only."""

    dependencies = [("pages", "0018_archives_keep_what_is_live")]

    operations = [
        migrations.AddField(
            model_name="page",
            name="sources_needed",
            field=models.CharField(
                blank=True,
                default="",
                help_text="What this page says without a source yet. Only staff can see it: it is never published.",
                max_length=1000,
                verbose_name="sources to find",
            ),
        ),
    ]
