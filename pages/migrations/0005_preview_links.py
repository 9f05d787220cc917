import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("pages", "0004_corrections"),
    ]

    operations = [
        migrations.CreateModel(
            name="PreviewLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True, verbose_name="digest of the token")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="for whom")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="made at")),
                ("expires_at", models.DateTimeField(verbose_name="ends at")),
                ("revoked_at", models.DateTimeField(null=True, verbose_name="revoked at")),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "edition",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="pages.edition",
                        verbose_name="edition",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preview_links",
                        to="pages.page",
                        verbose_name="page",
                    ),
                ),
            ],
            options={
                "verbose_name": "preview link",
                "verbose_name_plural": "preview links",
                "ordering": ["-created_at", "-pk"],
                "default_permissions": (),
            },
        ),
    ]
