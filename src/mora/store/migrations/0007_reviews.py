import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0006_attachments"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="court_ready_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="escalated_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="escalated_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="escalated",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.CreateModel(
            name="CheckDone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("item", models.CharField(max_length=40)),
                ("words", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="checks", to="store.case"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "item"), name="checked_once")],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("level", models.CharField(max_length=4)),
                ("first_at", models.DateTimeField()),
                (
                    "first_view",
                    models.CharField(
                        choices=[
                            ("keep", "Go on as now"),
                            ("plan", "Agree a plan"),
                            ("watch", "Put on the watch list"),
                            ("rest", "Let contact rest and verify"),
                            ("court", "Prepare for court early"),
                        ],
                        max_length=8,
                    ),
                ),
                ("first_words", models.CharField(max_length=1000)),
                ("second_at", models.DateTimeField(blank=True, null=True)),
                (
                    "second_view",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "Go on as now"),
                            ("plan", "Agree a plan"),
                            ("watch", "Put on the watch list"),
                            ("rest", "Let contact rest and verify"),
                            ("court", "Prepare for court early"),
                        ],
                        max_length=8,
                    ),
                ),
                ("second_words", models.CharField(blank=True, max_length=1000)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("keep", "Go on as now"),
                            ("plan", "Agree a plan"),
                            ("watch", "Put on the watch list"),
                            ("rest", "Let contact rest and verify"),
                            ("court", "Prepare for court early"),
                        ],
                        max_length=8,
                    ),
                ),
                ("outcome_words", models.CharField(blank=True, max_length=1000)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="reviews", to="store.case"
                    ),
                ),
                (
                    "first_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "outcome_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_by__isnull", True),
                            models.Q(("second_by", models.F("first_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="review_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outcome_by__isnull", True),
                            models.Q(
                                models.Q(("outcome_by", models.F("first_by")), _negated=True),
                                models.Q(("outcome_by", models.F("second_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="review_third_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)), fields=("case",), name="one_open_review"
                    ),
                ],
            },
        ),
    ]
