"""Linking without names: the table is that of the names, and each misuse is refused."""

import csv
from datetime import date
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from havenlight.mse.disclosure import shown, shown_table
from havenlight.mse.linking import LinkingRefused, blind, code_of, key_name, new_key, overlap_table
from havenlight.mse.linking_cli import linking_command
from havenlight.mse.linking_files import read_codes
from havenlight.mse.linking_names import letters_of, read_identities, short_identity
from havenlight.mse.read import read_counts
from havenlight.mse.table import CaptureTable
from tests.unit.mse.bayesian_tables import dense_table

TODAY = date(2026, 11, 22)
LISTS = ("Police", "Shelter", "Health")
PASSPHRASE = "correct horse battery"


def person(number: int) -> str:
    letters = chr(97 + number % 26) + chr(97 + number // 26)
    return f"Van Dijk {letters},Noor,2008-01-{number % 28 + 1:02}"


def write_people(path: Path, numbers: list[int]) -> Path:
    path.write_text("\n".join(["family_name,given_name,birth_on", *map(person, numbers)]))
    return path


class Organisation:
    """One organisation with its own directory, working the commands as a person would."""

    def __init__(self, root: Path, name: str) -> None:
        self.folder = root / name
        self.folder.mkdir()
        self.name = name
        (self.folder / "pass").write_text(PASSPHRASE + "\n")

    def keygen(self, *, study: str = "NL-2026", recipe: str = "full") -> int:
        names = ["--study", study, "--recipe", recipe, "--lists", ",".join(LISTS)]
        return self.run("keygen", *names, "--list", self.name)

    def code(self, numbers: list[int], out: str = "own.codes") -> Path:
        people = write_people(self.folder / "people.csv", numbers)
        assert self.run("code", str(people), "--out", str(self.folder / out)) == 0
        return self.folder / out

    def blind(self, codes: Path) -> Path:
        out = self.folder / f"{codes.stem}-{self.name}.codes"
        assert self.run("blind", str(codes), "--out", str(out)) == 0
        return out

    def run(self, step: str, *arguments: str) -> int:
        key = ["--key", str(self.folder / "key"), "--passphrase-file", str(self.folder / "pass")]
        return linking_command([step, *arguments, *key], today=TODAY)


@pytest.fixture
def organisations(tmp_path):
    everyone = [Organisation(tmp_path, name) for name in LISTS]
    for organisation in everyone:
        assert organisation.keygen() == 0
    return everyone


@pytest.fixture
def finished(organisations):
    """Three lists, each sent round the other two: everyone has blinded everything."""
    police, shelter, health = organisations
    members = {police: range(30), shelter: range(20, 45), health: range(25, 60, 2)}
    finished = []
    for turn, (owner, numbers) in enumerate(members.items()):
        file = owner.code(list(numbers))
        for other in (organisations[turn - 2], organisations[turn - 1]):
            file = other.blind(file)
        finished.append(file)
    return finished, {owner.name: set(numbers) for owner, numbers in members.items()}


def test_the_table_is_the_one_that_the_names_would_give(finished, tmp_path, capsys):
    files, members = finished
    exact = tmp_path / "exact.csv"
    assert linking_command(["count", *map(str, files), "--exact", str(exact)]) == 0
    expected = {
        tuple(str(int(number in members[name])) for name in LISTS) for number in range(60)
    } - {("0", "0", "0")}
    with exact.open() as file:
        header, *rows = csv.reader(file)
    assert header == [*LISTS, "count"]
    assert {tuple(row[:3]) for row in rows} == expected
    for row in rows:
        on = [members[name] for name, bit in zip(LISTS, row, strict=False) if bit == "1"]
        off = [members[name] for name, bit in zip(LISTS, row, strict=False) if bit == "0"]
        assert int(row[3]) == len(set.intersection(*on) - set().union(*off))
    assert exact.stat().st_mode & 0o077 == 0
    assert read_counts(exact).list_totals().tolist() == [30, 25, 18]


def test_what_is_printed_is_rounded_and_hides_small_overlaps(finished, capsys):
    files, _ = finished
    capsys.readouterr()
    assert linking_command(["count", *map(str, files)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Police,Shelter,Health,count"
    assert len(lines) == 8
    assert {line.rsplit(",", 1)[1] for line in lines[1:]} <= {"<5", "5", "10", "15", "20"}


def test_neither_names_nor_their_hashes_travel(organisations):
    file = organisations[0].code(list(range(12)))
    text = file.read_text()
    assert "dijk" not in text.lower()
    identities, _ = read_identities(organisations[0].folder / "people.csv", "full", TODAY)
    codes = {code.hex() for code in read_codes(file).codes}
    assert codes.isdisjoint(sha256(one.encode()).hexdigest() for one in identities)


def test_another_key_makes_other_codes_of_the_same_persons(organisations):
    first, second = (set(read_codes(o.code(list(range(12)))).codes) for o in organisations[:2])
    assert first.isdisjoint(second)


@settings(deadline=None, max_examples=10)
@given(*[st.text("ab|é ", min_size=1)] * 3)
def test_the_order_of_the_keys_makes_no_difference_but_person_and_study_do(one, other, study):
    keys = [new_key() for _ in range(3)]

    def through(identity: str, order: tuple[int, ...], study: str) -> bytes:
        code = code_of(identity, study, keys[order[0]])
        for number in order[1:]:
            code = blind(code, keys[number])
        return code

    codes = {through(one, order, study) for order in permutations(range(3))}
    assert len(codes) == 1
    assert (through(other, (0, 1, 2), study) in codes) == (one == other)
    assert through(one, (0, 1, 2), study + "x") not in codes


def test_a_code_is_the_coordinate_of_the_multiplied_point():
    """The library's own point arithmetic, by way of a public key, gives the same number."""
    one, two = new_key(), new_key()
    base = one.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)[1:]
    product = (
        one.private_numbers().private_value
        * two.private_numbers().private_value
        % 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    )
    both = ec.derive_private_key(product, ec.SECP256R1()).public_key()
    expected = both.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)[1:]
    assert blind(base, two) == expected


def test_codes_stay_the_same_from_version_to_version():
    """Two organisations with different versions must still find the same persons."""
    key = ec.derive_private_key(7, ec.SECP256R1())
    code = code_of("full|bakker|noor|2009-02-03", "NL-2026", key)
    assert code.hex() == "7fa1975487b86db06db85f85ccc78e55a387de71a924cb652951a8277ba6e52e"
    assert key_name(key) == "4dd0f42700a60380"


@pytest.mark.parametrize("codes", [b"", b"\xff" * 32, b"\x01" * 31])
def test_what_is_no_coordinate_is_not_blinded(codes):
    with pytest.raises(ValueError, match=r"."):
        blind(codes, new_key())


def test_the_name_of_a_key_is_its_own_and_stays():
    key = new_key()
    assert key_name(key) == key_name(key) != key_name(new_key())


def refused(organisation: Organisation, capsys, *arguments: str) -> str:
    capsys.readouterr()
    assert organisation.run(*arguments) == 2
    return capsys.readouterr().err


def test_a_list_is_blinded_once_only(organisations, capsys):
    police, shelter, _ = organisations
    codes = police.code(list(range(12)))
    shelter.blind(codes)
    again = refused(shelter, capsys, "blind", str(codes), "--out", str(shelter.folder / "again"))
    assert "Police was blinded before; twice would tell who came or went" in again
    own = refused(police, capsys, "blind", str(codes), "--out", str(police.folder / "again"))
    assert "have this key already" in own


def test_a_short_list_is_neither_coded_nor_blinded(organisations, capsys):
    police, shelter, _ = organisations
    people = write_people(police.folder / "few.csv", [1, 2, 3])
    out = police.folder / "few.codes"
    assert "under 10" in refused(police, capsys, "code", str(people), "--out", str(out))
    codes = police.code(list(range(12)))
    short = police.folder / "short.codes"
    short.write_text("\n".join(codes.read_text().splitlines()[:-5]))
    assert "under 10" in refused(shelter, capsys, "blind", str(short), "--out", str(out))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("study: NL-2026", "study: BE-2026"), "this key is for NL-2026 with recipe full"),
        (("list: Police", "list: Press"), "'Press' was not among the lists agreed on"),
        (("havenlight-codes 1", "codes"), "row 1: not 'havenlight-codes 1'"),
        (("recipe: full\n", ""), "row 3: does not begin with 'recipe: '"),
    ],
)
def test_a_file_of_another_agreement_is_not_blinded(organisations, capsys, change, reason):
    police, shelter, _ = organisations
    codes = police.code(list(range(12)))
    codes.write_text(codes.read_text().replace(*change))
    out = str(shelter.folder / "out")
    assert reason in refused(shelter, capsys, "blind", str(codes), "--out", out)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("xyz", "row 8: is not 64 hex digits"),
        ("f" * 64, "row 8: is no code"),
        ("", "row 8: is not"),
    ],
)
def test_a_damaged_code_is_refused_by_its_row(organisations, capsys, line, reason):
    police, shelter, _ = organisations
    codes = police.code(list(range(12)))
    lines = codes.read_text().splitlines()
    lines[7] = line
    codes.write_text("\n".join(lines))
    out = str(shelter.folder / "out")
    assert reason in refused(shelter, capsys, "blind", str(codes), "--out", out)


def test_a_code_that_stands_twice_is_refused(organisations, capsys):
    police, shelter, _ = organisations
    codes = police.code(list(range(12)))
    codes.write_text(codes.read_text() + codes.read_text().splitlines()[-1] + "\n")
    out = str(shelter.folder / "out")
    assert "stands in the file twice" in refused(shelter, capsys, "blind", str(codes), "--out", out)


def test_lists_that_lack_a_key_are_not_counted(organisations, capsys):
    police, shelter, _ = organisations
    halfway = shelter.blind(police.code(list(range(12))))
    other = police.blind(shelter.code(list(range(12))))
    capsys.readouterr()
    assert linking_command(["count", str(halfway), str(other)]) == 0
    third = organisations[2].code(list(range(12)))
    assert linking_command(["count", str(halfway), str(other), str(third)]) == 2
    assert "Police has 2 of 3 keys" in capsys.readouterr().err
    assert linking_command(["count", str(halfway), str(halfway)]) == 2
    assert "each list once" in capsys.readouterr().err


def test_nothing_is_written_over(organisations, capsys):
    police = organisations[0]
    codes = police.code(list(range(12)))
    people = str(police.folder / "people.csv")
    assert "own.codes exists already" in refused(
        police, capsys, "code", people, "--out", str(codes)
    )
    names = ["--study", "s", "--recipe", "full", "--lists", ",".join(LISTS), "--list", "Police"]
    assert "key exists already" in refused(police, capsys, "keygen", *names)


def test_the_key_is_readable_by_its_owner_alone_and_under_its_passphrase(organisations, capsys):
    police = organisations[0]
    key = police.folder / "key"
    assert key.stat().st_mode & 0o077 == 0
    assert "ENCRYPTED PRIVATE KEY" in key.read_text()
    (police.folder / "pass").write_text("something else entirely")
    people = str(write_people(police.folder / "people.csv", list(range(12))))
    out = str(police.folder / "out")
    assert "does not open this key" in refused(police, capsys, "code", people, "--out", out)
    key.write_text("{}")
    assert "this is no key file" in refused(police, capsys, "code", people, "--out", out)


@pytest.mark.parametrize(
    ("lists", "phrase", "reason"),
    [
        ("A", PASSPHRASE, "two or more lists"),
        ("A,A", PASSPHRASE, "two or more lists"),
        ("C,B", PASSPHRASE, "'A' is not among the lists"),
        ("A,", PASSPHRASE, "a name is empty"),
        ("A,B", "short", "fewer than 12 characters"),
    ],
)
def test_a_key_for_no_real_linking_is_not_made(tmp_path, capsys, lists, phrase, reason):
    someone = Organisation(tmp_path, "A")
    (someone.folder / "pass").write_text(phrase)
    names = ["--study", "s", "--recipe", "full", "--lists", lists, "--list", "A"]
    assert reason in refused(someone, capsys, "keygen", *names)


def test_every_bad_row_is_named_with_its_reason_and_none_with_its_content(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(
        "given_name,family_name,birth_on\nNoor,Bakker,2009-02-30\n,Bakker,2009-02-03\n"
        "Anna,李,2009-02-03\nAnna,Smit,1850-01-01\nAnna,Smit,20090203\nAnna,Smit,2009-02-03\n"
    )
    with pytest.raises(LinkingRefused) as refusal:
        read_identities(people, "full", TODAY)
    assert [row for row, _ in refusal.value.problems] == [2, 3, 4, 5, 6]
    assert str(refusal.value).startswith("row 2: birth_on is not a date like 2009-03-31; row 3:")
    assert not {"Bakker", "Smit", "Anna", "1850"} & set(str(refusal.value).split())


def test_many_bad_rows_are_counted_and_absent_columns_named(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text("family_name,given_name,birth_on\n" + "a,b,c\n" * 30)
    with pytest.raises(LinkingRefused, match="and 10 rows more"):
        read_identities(people, "full", TODAY)
    people.write_text("name,birth_on\nx,y\n")
    with pytest.raises(LinkingRefused, match="row 1: no column family_name, given_name"):
        read_identities(people, "full", TODAY)


def test_a_file_that_is_not_utf8_says_how_to_save_it(organisations, capsys):
    police = organisations[0]
    people = police.folder / "latin.csv"
    people.write_bytes("family_name,given_name,birth_on\nNuñez,Zoë,2009-02-03\n".encode("latin-1"))
    out = str(police.folder / "out")
    assert "CSV UTF-8" in refused(police, capsys, "code", str(people), "--out", out)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Van der Berg", "vanderberg"),
        ("Zoë-Ánna", "zoeanna"),
        ("Groß", "gross"),
        ("Ødegård", "odegard"),
    ],
)
def test_spelling_that_means_nothing_is_dropped(name, letters):
    assert letters_of(name) == letters


def test_a_person_who_stands_in_the_list_twice_counts_once(tmp_path):
    people = tmp_path / "people.csv"
    people.write_text(
        "family_name,given_name,birth_on\nde Wit,Zoë,2009-02-03\nDE WIT,Zoe,2009-02-03\n"
    )
    assert read_identities(people, "full", TODAY) == (["full|dewit|zoe|2009-02-03"], 1)


def test_the_short_recipe_forgives_what_the_full_one_does_not():
    assert short_identity("bakker", "noor", "2009-02-03") == "short|akeoo|2009-02-03"
    assert short_identity("bakkar", "nooor", "2009-02-03") == "short|akaoo|2009-02-03"
    assert short_identity("wu", "a", "2009-02-03") == "short|u2222|2009-02-03"


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "<5"), (4, "<5"), (5, "5"), (7, "5"), (8, "10"), (102, "100"), (103, "105")],
)
def test_a_count_leaves_hidden_or_rounded(count, text):
    assert shown(count) == text


def test_every_history_is_shown_so_that_none_is_missed():
    assert shown_table(dense_table(12, 0, 3)) == [
        ["A", "B", "count"],
        ["1", "0", "10"],
        ["0", "1", "<5"],
        ["1", "1", "<5"],
    ]


def test_overlaps_are_counted_by_code():
    table = overlap_table({"A": [b"x", b"y", b"z"], "B": [b"y"], "C": [b"z", b"y", b"w"]})
    assert isinstance(table, CaptureTable)
    assert table.dense().tolist() == [1, 0, 0, 1, 1, 0, 1]
