"""Addresses of the report: for the team below `report/`, for everyone below `publications/`."""

from django.urls import path

import havenlight.core.converters  # noqa: F401 -- registers <id:…>
from havenlight.report import exploring, figures, making, persons, public, views

app_name = "report"

urlpatterns = [
    path("report/", views.editions, name="editions"),
    path("report/build", making.build, name="build"),
    path("report/editions/<id:edition_id>", views.edition, name="edition"),
    path("report/editions/<id:edition_id>/again", making.build_again, name="again"),
    path("report/editions/<id:edition_id>/around", views.write_around, name="around"),
    path("report/editions/<id:edition_id>/review", views.ask_review, name="review"),
    path("report/editions/<id:edition_id>/back", views.send_back, name="back"),
    path("report/editions/<id:edition_id>/approve", making.approve, name="approve"),
    path("report/editions/<id:edition_id>/publish", views.publish, name="publish"),
    path("report/editions/<id:edition_id>/correct", making.correct, name="correct"),
    path("report/editions/<id:edition_id>/drop", views.drop, name="drop"),
    path(
        "report/editions/<id:edition_id>/<slug:name>/<slug:language>",
        views.preview,
        name="preview",
    ),
    path("report/editions/<id:edition_id>/files/<path:name>", views.edition_file, name="file"),
    path("report/figures", figures.figures, name="figures"),
    path("report/figures/<slug:name>", figures.figure, name="figure"),
    path("report/explorer", exploring.explorer, name="explorer"),
    path("report/explorer/ask", exploring.ask, name="ask"),
    path("report/explorer/<int:question_id>", exploring.question, name="question"),
    path("report/explorer/<int:question_id>/keep", exploring.keep, name="keep"),
    path("report/made-up", persons.made_up, name="made-up"),
    path("report/made-up/make", persons.make_up, name="make-up"),
    path("report/made-up/<int:place>.zip", persons.made_up_file, name="made-up-file"),
    path("report/remarks", views.remarks, name="remarks"),
    path("report/remarks/add", views.remark, name="remark"),
    path("report/remarks/<int:remark_id>/drop", views.drop_remark, name="drop-remark"),
    path("publications/", public.publications, name="publications"),
    path("publications/<int:year>/<path:name>", public.publication, name="publication"),
    path(
        "publications/<int:year>r<int:revision>/<path:name>",
        public.publication,
        name="publication-of",
    ),
]
