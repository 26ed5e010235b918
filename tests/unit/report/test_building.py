"""Files of an edition: all or none, signed, the same bytes when rebuilt, readable by anyone."""

import csv
import io
import json
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from frictionless import Package

from havenlight.report import around, building, signing
from havenlight.report.edition import Edition
from havenlight.report.errors import EditionRefused, NotAsSigned, OutRefused
from tests.unit.report import making

Files = dict[str, bytes]
# Of the kinds in ISO 32000-1, 14.8.4, those that our pages may be made of.
STANDARD = {
    f"/{kind}"
    for kind in ("Document", "Part", "Art", "Sect", "Div", "NonStruct", "Caption", "H1", "H2", "H3",
                 "P", "L", "LI", "Lbl", "LBody", "Table", "THead", "TBody", "TR", "TH", "TD",
                 "Span", "Link", "Figure")
}  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Files:
    return building.files(making.simulated(2019, 2020, 2021).edition)


@pytest.fixture
def out(made: Files, tmp_path: Path) -> Path:
    building.write(tmp_path / "2021", made, signing.key_at(tmp_path / "key"))
    return tmp_path / "2021"


def test_report_and_fact_sheet_open_by_themselves_in_both_languages(made: Files) -> None:
    for name in ("report", "factsheet", "signals", "for-care", "for-policy", "for-students"):
        for language in ("nl", "en"):
            page = made[f"{name}-{language}.html"].decode()
            assert len(page) < 500_000
            assert f'<html lang="{language}">' in page
            assert not re.search(r"<script|<link|@import|url\(", page)
            assert {*re.findall(r'src="(\w+:)', page)} <= {"data:"}
            assert "112" in page
            assert page.count("<img") <= page.count("<table")
            places = re.findall(r' id="([^"]+)"', page)
            assert len(places) == len({*places})
            assert {*re.findall(r'href="#([^"]+)"', page)} <= {*places}


def test_key_figures_come_first_and_definitions_last(made: Files) -> None:
    page = made["report-nl.html"].decode()
    places = (
        "Kerncijfers",
        "Heb je hulp nodig",
        "Hoeveel er kwamen",
        "Hoe er geteld",
        "Definities<",
    )
    order = [page.index(each) for each in places]
    assert order == sorted(order)
    assert "is bijna een op de vijf (19%) jonger dan 15 jaar" in page
    assert "het kan toeval zijn" in page


def test_pdfs_are_tagged_as_pdf_ua_asks(made: Files) -> None:
    for name in ("report-nl", "report-en", "factsheet-nl", "factsheet-en"):
        with pikepdf.open(io.BytesIO(made[f"{name}.pdf"])) as pdf:
            root = pdf.Root
            assert root.MarkInfo.Marked
            assert str(root.Lang) == name[-2:]
            assert root.ViewerPreferences.DisplayDocTitle
            with pdf.open_metadata() as metadata:
                assert metadata["pdfuaid:part"] == "1"
                assert metadata["dc:title"]
            tags = list(_tags(root.StructTreeRoot))
            kinds = {str(tag.S) for tag in tags}
            assert {"/H1", "/H2", "/P", "/Table", "/TH", "/TD", "/Figure"} <= kinds
            figures = [tag for tag in tags if tag.S == "/Figure"]
            assert all(str(tag.get("/Alt", "")) for tag in figures)
            assert all("/StructParents" in page for page in pdf.pages)
            _keeps_to_matterhorn(pdf, tags)


def _keeps_to_matterhorn(pdf: pikepdf.Pdf, tags: list[pikepdf.Object]) -> None:
    """By the numbers of the protocol's checkpoints, those that need no eye."""
    held = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
    depth, outside = 0, 0
    for page in pdf.pages:
        assert page.Tabs == "/S"  # 28-007
        for _, operator in pikepdf.parse_content_stream(page):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            outside += depth == 0 and str(operator) in {"TJ", "Tj", "Do", "f", "S", "B"}
    assert (depth, outside) == (0, 0)  # 01-005: all content is tagged, or an artifact
    levels = [int(str(tag.S)[2:]) for tag in tags if str(tag.S) in {"/H1", "/H2", "/H3"}]
    assert levels[0] == 1  # 14-002
    assert all(low <= high + 1 for high, low in pairwise(levels))  # 14-003
    heads = {str(tag.ID) for tag in tags if tag.S == "/TH"}
    for head, *cells in (_below(tag) for tag in tags if tag.S == "/TR"):
        assert "/TH" in {str(each.S) for each in (head, *cells)}
        named = [{str(each) for each in cell.A.get("/Headers", [])}
                 for cell in cells if cell.S == "/TD"]  # fmt: skip
        assert all(each and each <= heads for each in named)  # 15-003
    for items in (_below(tag) for tag in tags if tag.S == "/LI"):
        assert {str(each.S) for each in items} <= {"/Lbl", "/LBody"}  # 09-005
    assert {str(tag.S) for tag in tags} <= STANDARD  # 02-001
    for link in (link for page in pdf.pages for link in page.get("/Annots", [])):
        assert link.Subtype == "/Link"  # 28-004
        assert "/StructParent" in link  # 28-010
        assert str(link.Contents) not in {"", str(link.get("/Dest"))}  # 28-012
    fonts = [each for each in held if each.get("/Type") == "/Font"]
    assert all("/ToUnicode" in each for each in fonts if each.Subtype == "/Type0")  # 10-001
    described = [each for each in held if each.get("/Type") == "/FontDescriptor"]
    assert all({"/FontFile2", "/FontFile3"} & set(each.keys()) for each in described)  # 31-009
    assert not pdf.is_encrypted  # 26-001
    assert "/JavaScript" not in pdf.Root.get("/Names", {})  # 29-001


def test_a_text_of_a_plot_is_one_piece(made: dict[str, bytes]) -> None:
    with pikepdf.open(io.BytesIO(made["report-nl.pdf"])) as pdf:
        plots = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)
                 and each.get("/Subtype") == "/Form"]  # fmt: skip
        shown = [
            sum(len(bytes(part)) for part in said[0] if isinstance(part, pikepdf.String))
            for plot in plots
            for said, operator in pikepdf.parse_content_stream(plot)
            if str(operator) == "TJ"
        ]
    assert len(shown) > 40
    assert all(length >= len("8%") for length in shown)


def _tags(tag: pikepdf.Object) -> list[pikepdf.Object]:
    below = _below(tag)
    return [*below, *(tag for kid in below for tag in _tags(kid))]


def _below(tag: pikepdf.Object) -> list[pikepdf.Object]:
    kids = tag.get("/K", [])
    kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    return [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def test_a_fact_sheet_is_two_pages(made: Files) -> None:
    for language in ("nl", "en"):
        with pikepdf.open(io.BytesIO(made[f"factsheet-{language}.pdf"])) as pdf:
            assert len(pdf.pages) == 2


def test_open_data_keeps_to_its_descriptor_and_says_no_more(made: Files, out: Path) -> None:
    assert Package(str(out / "data/datapackage.json")).validate().valid
    rows = list(csv.DictReader(io.StringIO(made["data/figures.csv"].decode())))
    assert {row["simulated"] for row in rows} == {"yes"}
    small = [row for row in rows if row["count"] and 0 < int(row["count"]) < 5]
    assert not small
    assert any(row["reason"] == "base" for row in rows)
    described = {row["figure"] for row in csv.DictReader(io.StringIO(_text(made, "codebook.csv")))}
    assert described == {row["figure"] for row in rows}


def test_json_stat_has_a_value_for_every_combination_and_says_how_it_is_shown(made: Files) -> None:
    sets = json.loads(_text(made, "figures.json"))["link"]["item"]
    for each in sets:
        cells = each["size"][0] * each["size"][1]
        assert len(each["value"]) == len(each["status"]) == cells
        assert each["size"] == [
            len(each["dimension"][name]["category"]["index"]) for name in each["id"]
        ]
    rows = list(csv.DictReader(io.StringIO(_text(made, "figures.csv"))))
    told = [value for each in sets for value in each["value"] if value is not None]
    assert sorted(told) == sorted(int(row["count"]) for row in rows if row["count"])


def _text(made: Files, name: str) -> str:
    return made[f"data/{name}"].decode()


def test_a_rebuilt_edition_is_the_same_bytes(made: Files, out: Path) -> None:
    assert building.rebuilt(out) == made


def test_a_signed_edition_verifies_and_another_key_is_refused(out: Path) -> None:
    key = signing.verify(out)
    assert signing.verify(out, key) == key
    with pytest.raises(NotAsSigned, match="another key"):
        signing.verify(out, "A" * 43 + "=")


def _change(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"285", b"286", 1))


def _forge(path: Path) -> None:
    held = json.loads(path.read_text())
    held["files"]["edition.json"] = "0" * 64
    path.write_text(json.dumps(held))


@pytest.mark.parametrize(
    ("name", "harm", "said"),
    [
        ("edition.json", _change, "edition.json was changed"),
        ("data/figures.csv", Path.unlink, "data/figures.csv is missing"),
        ("extra.html", Path.touch, "extra.html was added"),
        ("signature.json", _forge, "signature.json was changed"),
        ("signature.json", Path.unlink, "there is no signature.json"),
        ("signature.json", lambda path: path.write_text("{}"), "is no signature"),
    ],
)
def test_a_change_by_hand_is_found_and_named(out: Path, name: str, harm: object, said: str) -> None:
    harm(out / name)  # type: ignore[operator]
    with pytest.raises(NotAsSigned, match=said):
        signing.verify(out)


def test_a_disk_that_fills_up_leaves_nothing_half_done(
    made: Files, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    key = signing.key_at(tmp_path / "key")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutRefused, match="No space left"):
        building.write(tmp_path / "2021", made, key, "{}")
    with pytest.raises(OSError, match="No space left"):
        signing.key_at(tmp_path / "another")
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


def test_half_a_key_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"")
    with pytest.raises(EditionRefused, match="take it from a backup"):
        signing.key_at(tmp_path / "key")


def test_a_ledger_that_was_changed_or_cut_by_hand_is_refused(made: Files, tmp_path: Path) -> None:
    told = making.simulated(2019, 2020, 2021).ledger
    building.write(tmp_path / "2021", made, signing.key_at(tmp_path / "key"), told.to_json())
    path = tmp_path / "2021-ledger.json"
    assert building.read_ledger(path) == told
    less = replace(told, statements=told.statements[1:]).to_json()
    path.write_text(less)
    with pytest.raises(EditionRefused, match="not as it was signed; take it from a backup"):
        building.read_ledger(path)
    building.signature_of(path).unlink()
    path.write_text(less[:500])
    with pytest.raises(EditionRefused, match=r"no ledger: .*take it from a backup"):
        building.read_ledger(path)


def test_what_is_there_is_not_overwritten(made: Files, out: Path) -> None:
    with pytest.raises(OutRefused, match="is there already"):
        building.write(out, made, signing.key_at(out.parent / "key"))


def test_words_go_around_figures_and_hold_no_number(tmp_path: Path) -> None:
    path = tmp_path / "around.toml"
    path.write_text(
        '[[notes]]\nyear = 2021\ntext = { nl = "Campagne in mei", en = "Campaign in May" }\n'
        '[words.who]\nnl = "Zij zijn jong."\nen = "They are young."\n'
    )
    notes, words = around.read(path)
    assert notes[0].text.en == "Campaign in May"
    assert words["who"]["nl"] == "Zij zijn jong."
    path.write_text('[words.who]\nnl = "Wel 16%."\nen = "As many as 16%."\n')
    with pytest.raises(EditionRefused, match="holds a digit"):
        around.read(path)


def test_the_command_builds_verifies_and_rebuilds(tmp_path: Path, settings: object) -> None:
    out = tmp_path / "out"
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    call_command("simulate", "--year", "2021", "--out", str(tmp_path / "sim"), verbosity=0)
    registrations = str(tmp_path / "sim/registrations.csv")
    call_command("report", "build", "--year", "2021", "--registrations", registrations,
                 "--out", str(out))  # fmt: skip
    call_command("report", "verify", str(out))
    assert (out / "report-nl.pdf").read_bytes().startswith(b"%PDF-1.7")
    note = tmp_path / "note"
    call_command("report", "build", "--year", "2021", "--quarter", "2", "--out", str(note),
                 "--registrations", registrations, "--ledger", f"{out}-ledger.json",
                 "--earlier", str(out))  # fmt: skip
    assert Edition.from_json((note / "edition.json").read_text("utf-8")).period == "2021q2"
    assert Package(str(note / "data/datapackage.json")).validate().valid
