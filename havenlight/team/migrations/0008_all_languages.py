"""An organisation that an earlier version made gets the languages and services that came since."""

from functools import partial

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from havenlight.team import starting


def add_missing(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Nothing while there is no organisation: a new one begins with all."""
    if apps.get_model("team", "Organisation")._default_manager.exists():
        starting.add_missing(partial(apps.get_model, "team"))


class Migration(migrations.Migration):
    dependencies = [("team", "0007_entrance")]

    operations = [migrations.RunPython(add_missing, migrations.RunPython.noop)]
