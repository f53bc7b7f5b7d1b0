"""What crosses between the student's process and the checker, and what does not."""

import textwrap
from dataclasses import replace

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course.authoring.running import SETTINGS, check, run
from course.isolation import lines, outer
from course.isolation import run as isolated
from course.isolation.run import kind_of
from course.isolation.settings import Settings
from course.paths import CourseError

SETUP = """
import warnings, io, contextlib, inspect, types, collections
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.base import BaseEstimator
from utils import arguments_after, attempt, changed_inputs, peak_memory, refuses
trusted = np.array([1.0, 2.0])
"""

# For each case: what the student writes, and a test that must pass.
PASSES = {
    "plain values come as they are": (
        """
        from collections import namedtuple
        Point = namedtuple("Point", "x y")
        values = [None, True, 3, 2**100, -(2**80), 2.5, "é\\ud800"[0], b"ab", (1, (2,)), {"a": [1], (1, 2): 3},
                  {1, 2}, frozenset({3}), 1 + 2j, range(2, 9, 3), slice(1, None), ..., Point(1, 2)]
        """,
        """
        assert values[:5] == [None, True, 3, 2**100, -(2**80)] and values[1] is True
        assert values[5:10] == [2.5, "é", b"ab", (1, (2,)), {"a": [1], (1, 2): 3}]
        assert values[10:] == [{1, 2}, frozenset({3}), 1 + 2j, range(2, 9, 3), slice(1, None), ..., (1, 2)]
        assert isinstance(values[8], tuple) and values[16].y == 2
        """,
    ),
    "arrays keep type, shape, order and values": (
        """
        import numpy as np
        arrays = [np.arange(6, dtype=np.uint8).reshape(2, 3), np.zeros((0, 4)), np.array(5.0), np.eye(3)[:, ::2],
                  np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.array(["a", "bc"]), np.array([1, "x", None], dtype=object),
                  np.array([1.0, np.nan, -np.inf]), np.arange(3).astype(">i4"), np.array(["2024-01-01"], "datetime64[D]")]
        scalars = [np.float64(0.5), np.int8(-3), np.bool_(True), np.float32(1.5)]
        kind = np.dtype("float32")
        """,
        """
        assert [a.dtype for a in arrays[:5]] == [np.uint8] + [np.float64] * 4
        assert [a.shape for a in arrays[:5]] == [(2, 3), (0, 4), (), (3, 2), (2, 3)]
        assert arrays[4].flags.f_contiguous and arrays[0][1, 2] == 5 and np.array_equal(arrays[3], np.eye(3)[:, ::2])
        assert arrays[5][1] == "bc" and list(arrays[6]) == [1, "x", None] and arrays[8].tolist() == [0, 1, 2]
        assert np.array_equal(arrays[7], [1, np.nan, -np.inf], equal_nan=True) and str(arrays[9][0]) == "2024-01-01"
        assert [type(s) for s in scalars] == [np.float64, np.int8, np.bool_, np.float32] and scalars[1] == -3
        assert kind == np.float32
        arrays[0][0, 0] = 9
        """,
    ),
    "frames come as frames": (
        """
        import pandas as pd
        frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}, index=[7, 8])
        column = frame["a"]
        def double(frame):
            return frame.assign(a=2 * frame["a"])
        def spoil(frame):
            frame["a"] = 0
        """,
        """
        assert isinstance(frame, pd.DataFrame) and frame.loc[8, "b"] == "y" and column.name == "a"
        given = pd.DataFrame({"a": [3]})
        assert double(given)["a"].tolist() == [6] and given["a"].tolist() == [3]
        assert changed_inputs(spoil, given) == [0] and given["a"].tolist() == [3]
        assert changed_inputs(double, given) == []
        """,
    ),
    "calls take arguments of all kinds": (
        "def call(a, /, b=2, *rest, key=None, **more):\n    return a, b, rest, key, more",
        """
        assert call(1) == (1, 2, (), None, {})
        assert call(1, 3, 4, key=[5], z=np.ones(2).tolist()) == (1, 3, (4,), [5], {"z": [1.0, 1.0]})
        assert list(inspect.signature(call).parameters) == ["a", "b", "rest", "key", "more"]
        assert inspect.signature(call).parameters["b"].default == 2
        assert callable(call) and isinstance(call, types.FunctionType) and call.__name__ == "call"
        """,
    ),
    "errors keep their kind and their words": (
        """
        import numpy as np
        class Mine(ValueError):
            pass
        def fail(kind):
            if kind == "mine":
                raise Mine("my own")
            if kind == "key":
                return {}["gone"]
            if kind == "linalg":
                return np.linalg.inv(np.zeros((2, 2)))
            if kind == "exit":
                raise SystemExit(0)
            raise TypeError("two", 3)
        """,
        """
        def caught(kind):
            try:
                fail(kind)
            except Exception as error:
                return error
        assert isinstance(caught("mine"), ValueError) and str(caught("mine")) == "my own"
        assert isinstance(caught("key"), KeyError) and caught("key").args == ("gone",)
        assert isinstance(caught("linalg"), np.linalg.LinAlgError)
        assert type(caught("other")) is TypeError and caught("other").args == ("two", 3)
        assert "SystemExit" in str(caught("exit"))
        assert refuses(fail, "mine") and not refuses(fail, "other")
        """,
    ),
    "warnings are issued here too": (
        """
        import numpy as np
        import warnings
        def noisy(x):
            warnings.warn("careful", DeprecationWarning)
            return np.log(np.asarray(x))
        """,
        """
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            assert noisy(0.0) == -np.inf
        assert [w.category for w in found] == [DeprecationWarning, RuntimeWarning]
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            try:
                noisy(0.0)
            except RuntimeWarning as error:
                assert "divide by zero" in str(error)
            else:
                raise AssertionError("no error")
        with warnings.catch_warnings(), np.errstate(divide="raise"):
            warnings.simplefilter("ignore")
            try:
                noisy(0.0)
            except FloatingPointError:
                pass
            else:
                raise AssertionError("errstate does not reach")
        """,
    ),
    "what is printed can be read": (
        "def say(word):\n    print(word, end='!')",
        """
        with contextlib.redirect_stdout(io.StringIO()) as said:
            say("hello")
        assert said.getvalue() == "hello!"
        """,
    ),
    "a call gets copies, and what it does to them is told on request": (
        """
        def spoil(array, items, table, nested, group):
            array[0] = 99
            items.append(1)
            table["new"] = 2
            nested[0][:] = 5
            group.add(3)
        def spares(array, items, *, table):
            items = [*items, 1]
            return array
        """,
        """
        array, items, table, inner, group = np.zeros(3), [0], {}, np.ones(2), set()
        given = array, items, table, [inner], group
        spoil(*given)
        assert changed_inputs(spoil, *given) == [0, 1, 2, 3, 4]
        assert changed_inputs(spares, array, items, table=table) == []
        assert changed_inputs(spoil, array, items, table, nested=[inner], group=group) == [0, 1, 2, "nested", "group"]
        after = arguments_after(spoil, *given)
        assert after[0][0] == 99 and after[1] == [0, 1] and after[2] == {"new": 2} and after[3][0].tolist() == [5, 5]
        assert after[4] == {3}
        assert array[0] == 0 and items == [0] and table == {} and inner.tolist() == [1, 1] and group == set()
        """,
    ),
    "read-only inputs are read-only there": (
        "def write(x):\n    x[0] = 1",
        """
        fixed = np.zeros(2)
        fixed.flags.writeable = False
        assert refuses(write, fixed) and fixed[0] == 0
        """,
    ),
    "what NumPy takes for an array comes as one": (
        """
        import array, collections
        class Numbers:
            def __array__(self, dtype=None, copy=None):
                return np.arange(3.0)
            def __len__(self):
                return 7
        class Far:
            kept = np.arange(4)
            __array_interface__ = kept.__array_interface__
        import numpy as np
        things = [Numbers(), Far(), array.array("d", [1, 2]), memoryview(b"ab"), collections.deque([1, 2])]
        def make():
            return Numbers()
        """,
        """
        kinds = [type(thing) for thing in things]
        assert kinds == [np.ndarray] * 4 + [collections.deque] and type(make()) is np.ndarray
        assert [len(thing) for thing in things] == [3, 4, 2, 2, 2] and len(make()) == 3
        """,
    ),
    "a generator draws on": (
        """
        def draw(rng):
            return rng.random()
        def children(rng):
            return [child.random() for child in rng.spawn(2)]
        def legacy(rng):
            return rng.normal()
        """,
        """
        one, two = np.random.default_rng(5), np.random.default_rng(5)
        assert draw(one) == two.random() and draw(one) == two.random() and one.random() == two.random()
        assert children(one) == [child.random() for child in two.spawn(2)]
        assert children(one) == [child.random() for child in two.spawn(2)]
        for kind in (np.random.MT19937, np.random.Philox, np.random.SFC64, np.random.PCG64DXSM):
            assert draw(np.random.Generator(kind(3))) == np.random.Generator(kind(3)).random()
        old, new = np.random.RandomState(1), np.random.RandomState(1)
        assert legacy(old) == new.normal() and legacy(old) == new.normal() and old.rand() == new.rand()
        """,
    ),
    "functions are called back": (
        """
        def apply(f, x):
            return f(x)
        def twice(f, x):
            return f(f(x))
        """,
        """
        seen = []
        def mine(values):
            seen.append(np.shape(values))
            return values + 1
        assert apply(mine, np.ones((2, 3)))[1, 2] == 2 and seen == [(2, 3)]
        assert apply(lambda v: v * 2, 4) == 8 and twice(lambda v: v * 3, 1) == 9
        assert np.allclose(apply(np.tanh, 0.5), np.tanh(0.5)) and apply(len, [1, 2]) == 2
        def bad(values):
            raise ValueError("mine")
        assert refuses(apply, bad, 1)
        """,
    ),
    "iterators are read as they are needed": (
        """
        def first(stream, n):
            taken = []
            for item in stream:
                taken.append(item)
                if len(taken) == n:
                    return taken
            return taken
        """,
        """
        made = []
        def endless():
            while True:
                made.append(len(made))
                yield np.full(2, len(made))
        assert [item.tolist() for item in first(endless(), 3)] == [[1, 1], [2, 2], [3, 3]] and made == [0, 1, 2]
        assert first(iter([7, 8]), 5) == [7, 8] and first(map(str, [1, 2]), 2) == ["1", "2"]
        """,
    ),
    "estimators and other objects work from afar": (
        """
        from sklearn.cluster import KMeans
        class Bag:
            size = 3
            def __init__(self):
                self.items = [1, 2, 3]
            def __len__(self):
                return len(self.items)
            def __iter__(self):
                return iter(self.items)
            def __getitem__(self, i):
                return self.items[i]
            def __contains__(self, x):
                return x in self.items
            def add(self, x):
                self.items.append(x)
                return self
        def model(k):
            return KMeans(k, n_init=1, random_state=0)
        def fitted(estimator, X):
            return estimator.fit(X)
        def labels(estimator, X):
            return estimator.fit(X).labels_
        def bag():
            return Bag()
        def squares():
            for i in range(3):
                yield i**2
        """,
        """
        X = np.array([[0.0], [0.1], [5.0], [5.1]])
        made = model(2)
        assert isinstance(made, KMeans) and isinstance(made, BaseEstimator) and made.n_clusters == 2
        assert len(set(made.fit(X).labels_)) == 2 and made.cluster_centers_.shape == (2, 1)
        own = KMeans(2, n_init=1, random_state=0)
        assert fitted(own, X) is own and own.labels_.shape == (4,) and labels(own, X).shape == (4,)
        things = bag()
        assert len(things) == 3 and list(things) == [1, 2, 3] and things[1] == 2 and 3 in things
        assert things.add(4) is things and len(things) == 4 and things.size == 3
        things.size = 5
        assert things.size == 5 and not hasattr(things, "colour")
        assert list(squares()) == [0, 1, 4] and next(squares()) == 0
        """,
    ),
    "memory is measured where it is used": (
        "import numpy as np\ndef small(n):\n    return n\ndef large(n):\n    return np.ones(n).sum()",
        """
        assert peak_memory(small, 10**6)[0] == 10**6 and peak_memory(small, 10**6)[1] < 10**5
        assert peak_memory(large, 10**6)[1] >= 8 * 10**6
        """,
    ),
    "builtins and setup names are the checker's own": (
        """
        import numpy as np
        def allclose(*args, **kwargs):
            return True
        np.allclose = np.array_equal = allclose
        np = len = sum = trusted = refuses = None
        def value():
            return 4
        """,
        """
        assert len([1, 2]) == 2 and sum([1, 2]) == 3 and trusted.tolist() == [1, 2]
        assert not np.allclose(1, 2) and value() == 4
        """,
    ),
}

# A test that must fail, and words of its message.
FAILS = {
    "a missing name": ("x = 1", "y", "NameError: name 'y' is not defined"),
    "an object that equals everything": (
        "class Liar:\n    def __eq__(self, other):\n        return True\n    def __bool__(self):\n"
        "        return True\nlie = Liar()",
        "assert lie == 3",
        "AssertionError",
    ),
    "an object that is another array each time": (
        "import numpy as np\nasked = []\nclass Liar:\n    def __array__(self, dtype=None, copy=None):\n"
        "        asked.append(1)\n        return np.zeros(3 if len(asked) == 1 else 0)\nlie = Liar()",
        "assert np.shape(lie) == (3,)\nassert np.allclose(lie, 1)",
        "AssertionError",
    ),
    "an object with a shape and no numbers": (
        "import numpy as np\nclass Liar:\n    shape, ndim, size = (3,), 1, 3\n    def __len__(self):\n"
        "        return 3\n    def __getitem__(self, place):\n        raise IndexError\nlie = Liar()",
        "assert np.shape(lie) == (3,)\nassert np.allclose(lie, 1)",
        "a Liar is not an array",
    ),
    "an object with a length and no items": (
        "class Liar:\n    def __len__(self):\n        return 3\n    def __iter__(self):\n        return iter(())\n"
        "lie = Liar()",
        "assert len(lie) == 3 and all(a == b for a, b in zip(lie, [1, 2, 3]))",
        "says that it has 3 items, and gives 0",
    ),
    "a tuple with a shape of its own": (
        "from collections import namedtuple\nlie = namedtuple('Lie', 'shape')(())",
        "assert np.shape(lie) == ()",
        "AssertionError",
    ),
    "a generator that is told what to draw": (
        "def draw(rng):\n    state = rng.bit_generator.state\n    state['state'] = {'state': 0, 'inc': 0}\n"
        "    rng.bit_generator.state = state",
        "rng = np.random.default_rng(1)\ndraw(rng)\nassert rng.random() == rng.random() == 0",
        "AssertionError",
    ),
    "an object taken for true": (
        "class Liar:\n    pass\ndef answer():\n    return Liar()",
        "assert answer()",
        "neither true nor false",
    ),
    "a float that equals everything": (
        "class Liar(float):\n    def __eq__(self, other):\n        return True\nlie = Liar(1.0)",
        "assert lie == 3",
        "AssertionError",
    ),
    "an array that is close to everything": (
        "import numpy as np\nclass Liar(np.ndarray):\n    def __array_ufunc__(self, *a, **k):\n"
        "        return True\n    def __array_function__(self, *a, **k):\n        return True\n"
        "lie = np.zeros(3).view(Liar)",
        "assert np.allclose(lie, 1)",
        "AssertionError",
    ),
    "a class that claims to be a number": (
        "class Liar:\n    __class__ = float\nlie = Liar()",
        "assert isinstance(lie, float)",
        "AssertionError",
    ),
    "a value that contains itself": (
        "loop = []\nloop.append(loop)",
        "assert loop",
        "contains itself",
    ),
    "a value too large to send": (
        "import numpy as np\nhuge = np.zeros(10**8)",
        "assert huge.shape",
        "over the limit",
    ),
    "an iterator that never ends": (
        "def forever():\n    while True:\n        yield 1",
        "assert sum(forever()) > 0",
        "CellTimeout",
    ),
    "a function that leaves": (
        "import os\ndef leave():\n    os._exit(0)",
        "leave()",
        "KernelDied",
    ),
    "the test's text through a function that it gives": (
        "def spy(f):\n    return f.__globals__, f.__code__",
        "spy(lambda x: x)",
        "has no attribute '__globals__'",
    ),
    "the test's frame through an iterator that it gives": (
        "def spy(stream):\n    return stream.gi_frame",
        "spy(x for x in [1])",
        "not allowed",
    ),
    "a last value of another kind": ("x = 1", "float(x) / 0", "ZeroDivisionError"),
}


def _cell(source, name, **marks):
    cell = new_code_cell(textwrap.dedent(source).strip())
    flags = {"grade": False, "solution": False, "locked": False, "grade_id": name, **marks}
    cell.metadata.nbgrader = flags
    return cell


def _notebook(cases):
    """A setup cell, then for each case what the student writes and the test."""
    cells = [_cell(SETUP, "setup", locked=True)]
    for number, (answer, test) in enumerate(cases):
        cells.append(_cell(answer, f"answer_{number}", solution=True))
        cells.append(_cell(test, f"test_{number}", grade=True, locked=True, points=1))
    return new_notebook(cells=cells)


def _outcomes(cases, folder, **how):
    done = run(_notebook(cases), cwd=folder, timeout=20, **how)
    outcomes = []
    for cell in done.cells[1:]:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        if cell.metadata.nbgrader.grade:
            outcomes.append("\n".join(f"{e.ename}: {e.evalue}\n{e.traceback}" for e in errors))
        else:
            assert not errors, errors
    return outcomes


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    cases = PASSES.values()
    return dict(zip(PASSES, _outcomes(cases, tmp_path_factory.mktemp("cells")), strict=True))


@pytest.mark.parametrize("case", PASSES)
def test_an_ordinary_test_works_unchanged(passed, case):
    assert passed[case] == ""


@pytest.mark.parametrize("how", [{"confine": "none"}, {"confine": "none", "native": True}])
def test_the_outcome_is_the_same_unconfined_and_without_a_warm_process(tmp_path, how):
    outcomes = _outcomes(PASSES.values(), tmp_path, **how)
    assert dict(zip(PASSES, outcomes, strict=True)) == dict.fromkeys(PASSES, "")


@pytest.mark.parametrize("case", FAILS)
def test_what_is_not_right_does_not_pass(tmp_path, case):
    answer, test, words = FAILS[case]
    done = run(_notebook([(answer, test)]), cwd=tmp_path, timeout=3)
    (error,) = [output for output in done.cells[-1].outputs if output.output_type == "error"]
    assert words in f"{error.ename}: {error.evalue}"


def test_a_cell_that_is_stopped_is_as_if_it_were_not_there(tmp_path):
    cases = [
        ("x = 1", "assert x == 1"),
        ("x = 2\nwhile True:\n    pass", "assert x == 1"),
        ("import os\nx += 10\nos._exit(0)", "assert x == 1"),
        ("x += 1\ndef hang():\n    while True:\n        pass", "hang()"),
        ("x += 1", "assert x == 3"),
    ]
    done = run(_notebook(cases), cwd=tmp_path, timeout=2)
    ends = [
        [output.ename for output in cell.outputs if output.output_type == "error"]
        for cell in done.cells
    ]
    assert ends == [
        [],
        [],
        [],
        ["CellTimeout"],
        [],
        ["KernelDied"],
        [],
        [],
        ["CellTimeout"],
        [],
        [],
    ]


def test_files_that_come_along_are_there_and_nothing_else(tmp_path):
    (tmp_path / "data.csv").write_text("1,2\n")
    (tmp_path / "helper.py").write_text("answer = 42\n")
    answer = """
    import os, helper
    text = open("data.csv").read()
    found = sorted(os.listdir("."))
    writable = [p for p in ("/", "/usr", "/etc", "/dev", os.path.dirname(os.__file__)) if os.access(p, os.W_OK)]
    secrets = {name: value for name, value in os.environ.items() if "SECRET" in name}
    seen = [pid for pid in os.listdir("/proc") if pid.isdigit()]
    """
    test = """
    assert text == "1,2\\n" and found == ["data.csv", "helper.py"] and writable == [] and secrets == {}
    assert len(seen) == 2, seen
    """
    assert _outcomes([(answer, test)], tmp_path) == [""]


def test_a_warm_process_that_is_gone_is_replaced(tmp_path):
    assert _outcomes([("x = 1", "assert x == 1")], tmp_path) == [""]
    (warm,) = lines._WARM.values()
    warm.process.kill()
    warm.process.wait()
    assert _outcomes([("x = 2", "assert x == 2")], tmp_path) == [""]
    assert warm not in lines._WARM.values()


def test_the_warm_process_of_another_is_used_while_it_is_there(tmp_path):
    cell, test = "x = 1", "assert x == 1"
    lines.cool_down()
    lender = lines.Warm(kind_of(_notebook([(cell, test)]), SETTINGS))
    lent = lender.kind, lender.address
    assert _outcomes([(cell, test)], tmp_path, lent=lent) == [""]
    (line,) = lines._WARM.values()
    assert type(line) is lines.Line
    lender.close()
    assert _outcomes([(cell, test)], tmp_path, lent=lent) == [""]
    (own,) = lines._WARM.values()
    assert type(own) is lines.Warm


def test_what_is_seen_and_known_by_name_is_what_the_settings_say(tmp_path):
    elsewhere = Settings(
        root=SETTINGS.root,
        visible=[part for part in SETTINGS.visible if part != "utils"],
        libraries=["builtins", "numpy"],
    )
    answer = """
    from fractions import Fraction
    import numpy as np
    try:
        import utils
    except ImportError:
        utils = None
    def error(kind):
        raise kind("said")
    def half():
        return error(np.linalg.LinAlgError)
    def third():
        return Fraction(1, 3)
    """
    test = """
    import numpy as np
    from fractions import Fraction
    assert utils is None and not isinstance(third(), Fraction)
    try:
        half()
    except np.linalg.LinAlgError as error:
        assert str(error) == "said"
    """
    cells = _notebook([(answer, test)]).cells[1:]
    done = isolated.run(new_notebook(cells=cells), elsewhere, cwd=tmp_path, timeout=20)
    assert [output for cell in done.cells for output in cell.outputs] == []
    elsewhere = replace(elsewhere, libraries=["builtins", "numpy", "fractions"])
    done = isolated.run(new_notebook(cells=cells), elsewhere, cwd=tmp_path, timeout=20)
    assert [output.ename for output in done.cells[1].outputs] == ["AssertionError"]


@pytest.mark.parametrize("path", ["", "/usr/bin"])
def test_without_a_sandbox_nothing_is_run(tmp_path, monkeypatch, path):
    monkeypatch.setattr(outer.shutil, "which", lambda name: path and "/bin/false")
    with pytest.raises(CourseError, match=r"bubblewrap .*--sandbox none"):
        check("bwrap")
