import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import mora.store.fields


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0005_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("about", models.CharField(max_length=200)),
                ("name", mora.store.fields.SealedField()),
                ("type", models.CharField(max_length=8)),
                ("size", models.BigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("stored", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("key", models.CharField(max_length=64, unique=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attachments", to="store.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["case", "-at"], name="files_of_a_case")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty")
                ],
            },
        ),
    ]
