"""What everyone may read: published editions, at an address that says nothing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from havenlight.report import pages, queries
from havenlight.report.packages import bundled
from havenlight.report.rendering import outputs
from havenlight.team import queries as team

ALL_FILES = "all.zip"
"""No name of a file of an edition: its data lie in a folder, its documents are no packages."""


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    """Every published edition with its files; a corrected one says what took its place."""
    language = translation.get_language() or "en"
    rows = [
        {
            "public": each,
            "corrects": each.edition.corrects.in_language(language)
            if each.edition.corrects
            else "",
            "documents": [
                (
                    str(output.title),
                    f"{output.name}-{language}.html",
                    f"{output.name}-{language}.pdf",
                )
                for output in outputs(each.quarter)
            ],
        }
        for each in queries.public_editions()
    ]
    organisation = team.organisation()
    return render(
        request,
        "report/publications.html",
        {"rows": rows, "organisation": organisation, "all": ALL_FILES},
    )


@require_safe
def publication(
    _request: HttpRequest, year: int, name: str, revision: int | None = None
) -> HttpResponse:
    """A file of an edition, byte for byte as it was signed; or all of a revision in one."""
    if revision is not None and name == ALL_FILES:
        files = queries.public_files(year, revision)
        content = bundled(files) if files else None
    else:
        content = queries.public_file(year, revision, name)
    if content is None:
        raise Http404
    return pages.file(name, content)
