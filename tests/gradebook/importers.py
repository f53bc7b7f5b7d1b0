"""What Moodle, Canvas and Blackboard make of a table: their importers' rules, as far as they matter.

From Moodle's `grade/import/csv` and `lib/csvlib.class.php` (5.0), Canvas's `gradebook_importer.rb`
(2025), and Blackboard's help on working offline with grade data.
"""

import csv
import re


class Refused(Exception):
    """The platform imports nothing of the file."""


def moodle(path, naming, grade, users):
    """The grades that users get in Moodle.

    Parameters
    ----------
    path : Path
    naming, grade : str
        The columns that the teacher chooses for the user and for the grade.
    users : collection of str
        What the column may hold.
    """
    text = path.read_bytes().decode("utf-8").removeprefix("\ufeff")
    text = re.sub("\r\n?", "\n", text).strip()
    # PHP's reader takes a quote after a backslash for a part of the text.
    head, *rows = csv.reader(text.splitlines(keepends=True), escapechar="\\", strict=True)
    head = [name.strip() for name in head]
    given, user = {}, None
    for row in rows:
        if len(row) != len(head):
            raise Refused("A row has another number of columns.")
        entry = {name: value.strip() for name, value in zip(head, row, strict=True)}
        if entry[naming]:  # otherwise it stays with the user of the row before
            if entry[naming] not in users:
                raise Refused(f"There is no user {entry[naming]!r}.")
            user = entry[naming]
        if entry[grade] == "-":
            given[user] = None
        elif re.fullmatch(r"\d+(\.\d+)?", entry[grade]):
            given[user] = float(entry[grade])
        else:
            raise Refused(f"{entry[grade]!r} is not a grade, or not one for a new grade item.")
    return given


def canvas(path, logins, assignments=()):
    """The points of assignments, the grades by login and assignment, and students that are not known.

    Parameters
    ----------
    path : Path
    logins : collection of str
    assignments : collection of (str, int)
        Titles and ids of those that Canvas has.
    """
    text = path.read_bytes().decode("utf-8")
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file, delimiter=_canvas_delimiter(text), strict=True)
    if not ("Student" in head[0] and "ID" in head[1] and "Section" in head[4]):
        raise Refused("Invalid header row")
    titles = [_canvas_title(name, dict(assignments)) for name in head[5:]]
    points, given, unknown = {}, {}, []
    for row in rows:
        row = [_canvas_number(value) for value in row]
        if "Points Possible" in row[0]:
            points = dict(zip(titles, row[5:], strict=True))
        elif row[3] not in logins:
            unknown.append(row[0])
        else:
            for title, value in zip(titles, row[5:], strict=True):
                given[row[3], title] = float(value) if value.strip() else None
    return points, given, unknown


def _canvas_delimiter(text):
    def count(delimiter):
        try:
            counts = {
                len(next(csv.reader([line], delimiter=delimiter, strict=True)))
                for line in text.splitlines()[:3]
            }
        except csv.Error:
            return 0
        return counts.pop() if len(counts) == 1 else 0

    return ";" if count(";") > count(",") else ","


def _canvas_title(name, known):
    """A column goes by the id in its name, else by its name, else it is a new assignment."""
    match = re.fullmatch(r"(.*) \((\d+)\)", name)
    if match and known.get(match[1]) == int(match[2]):
        return match[1]
    return name


def _canvas_number(value):
    """Canvas writes anew whatever looks like a number."""
    if not re.fullmatch(r"-?[0-9.,]+%?", value):
        return value
    parts = re.split("[.,]", value)
    while parts and not parts[-1]:
        parts.pop()
    return f"{''.join(parts[:-1])}.{parts[-1]}" if len(parts) > 1 else "".join(parts)


def blackboard(path, usernames, columns):
    """The grades by username and column; what Blackboard has no id for is a new column.

    Parameters
    ----------
    path : Path
    usernames : collection of str
    columns : mapping of str to str
        The names of the columns that Blackboard has, by id.
    """
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    assert all(line.startswith('"') and line.endswith('"') for line in text.splitlines())
    head, *rows = csv.reader(text.splitlines(keepends=True), strict=True)
    given = {}
    for row in rows:
        entry = dict(zip(head, row, strict=True))
        if entry["Username"] not in usernames:
            continue
        for name in head[3:]:
            _, bar, own = name.rpartition("|")
            title = columns[own] if bar else f"new: {name}"
            given[entry["Username"], title] = float(entry[name]) if entry[name] else None
    return given
