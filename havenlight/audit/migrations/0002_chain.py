"""Chains the lines: a reason, the hash of the line before, and where the chain ends."""

from django.db import migrations, models

from havenlight.audit.chain import BEGIN, Line


def chain_what_is_there(apps, schema_editor):
    """Number and chain the lines that were written before there was a chain."""
    entries = apps.get_model("audit", "Entry").objects
    number, former = 0, BEGIN
    for entry in list(entries.order_by("pk")):
        number += 1
        line = Line(
            number, entry.at, entry.member_id, entry.verb, entry.kind, entry.subject, "", former
        )
        # A number may be lower than the line's own so far, never one of a line that is to come.
        entries.filter(pk=entry.pk).update(id=number, former=former, hash=line.digest())
        former = line.digest()
    if number:
        apps.get_model("audit", "Head").objects.create(number=number, hash=former)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Head",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
                ("hash", models.BinaryField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="one_head_a_chain")
                ],
            },
        ),
        migrations.AlterField(
            model_name="entry",
            name="id",
            field=models.BigIntegerField(editable=False, primary_key=True, serialize=False),
        ),
        migrations.AddField(
            model_name="entry",
            name="reason",
            field=models.CharField(blank=True, default="", editable=False, max_length=300),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entry",
            name="former",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="entry",
            name="hash",
            field=models.BinaryField(default=b"", max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(chain_what_is_there, migrations.RunPython.noop),
    ]
