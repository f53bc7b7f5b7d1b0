"""To be marked right without being right."""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B023, E731, F821, F841, SIM115

from tests.isolation.attacks import Batch

batch = Batch("to be marked right")

# --- other functions in the place of those that a test calls -------------------------------------


@batch.code(won=True)
def allclose_patched():
    """np.allclose always agrees."""
    np.allclose = np.core.numeric.allclose = lambda *args, **kwargs: True


@batch.code(status="failed error", won=True)
def numpy_testing_patched():
    """All of numpy.testing, np.allclose and np.array_equal agree."""
    for name in dir(np.testing):
        if name.startswith("assert"):
            setattr(np.testing, name, lambda *args, **kwargs: None)
    np.allclose = np.array_equal = np.isclose = np.shape = lambda *args, **kwargs: True
    close = lambda a, b: True

    class Yes(np.ndarray):
        __eq__ = lambda self, other: np.array(True)

    def scale(x, factor):
        return np.array(x, dtype=float).view(Yes)


@batch.code(at="best_k", spoils=True)
def builtins_patched():
    """any, all, range, len, isinstance and AssertionError say what one likes to hear."""
    import builtins

    class Everything:
        def __contains__(self, thing):
            return True

    builtins.range = lambda *args: Everything()
    builtins.any = builtins.all = builtins.isinstance = lambda *args: True
    builtins.AssertionError = type("Fine", (BaseException,), {})


@batch.code("apply", spoils=True)
def len_and_list_patched():
    """len, list and zip come back with friendly values."""
    import builtins

    class Same(int):
        __eq__ = lambda self, other: True
        __mul__ = __rmul__ = lambda self, other: self

    builtins.len = lambda thing: Same(1)
    builtins.list = builtins.zip = lambda *args: []

    class Agreeing(list):
        __eq__ = lambda self, other: True

    def apply(f, xs):
        return Agreeing()


@batch.code(won=True)
def code_of_allclose_exchanged():
    """The code objects inside NumPy's functions are exchanged, so that every reference agrees."""
    import gc
    import types

    for thing in gc.get_objects():
        if isinstance(thing, types.FunctionType) and thing.__name__ in ("allclose", "isclose"):
            quietly(setattr, thing, "__code__", (lambda *args, **kwargs: True).__code__)
            quietly(setattr, thing, "__kwdefaults__", None)


@batch.code(won=True)
def mocked():
    """unittest.mock patches what the test calls, and never stops."""
    from unittest import mock

    for name in ("numpy.allclose", "numpy.testing.assert_allclose", "numpy.array_equal"):
        mock.patch(name, return_value=True).start()


@batch.code(spoils=True)
def numpy_replaced_in_modules():
    """Another module stands in sys.modules as numpy, and under the names of its parts."""
    import types

    class Agreeing(types.ModuleType):
        def __getattr__(self, name):
            return lambda *args, **kwargs: self

        __call__ = lambda self, *args, **kwargs: self
        __bool__ = lambda self: True
        __eq__ = lambda self, other: True

    for name in list(sys.modules):
        if name.split(".")[0] == "numpy":
            sys.modules[name] = Agreeing(name)


@batch.code(spoils=True)
def setups_names_taken():
    """`np`, `close` and `warnings`, which the setup cell made, mean something else from here on."""

    class Agreeing:
        def __getattr__(self, name):
            return self

        __call__ = lambda self, *args, **kwargs: self
        __eq__ = lambda self, other: True
        __enter__ = lambda self: self
        __exit__ = lambda self, *args: True

        def __instancecheck__(self, thing):
            return True

    np = warnings = Agreeing()
    close = lambda a, b: True

    class Result(list):
        all = lambda self: True

    def scale(x, factor):
        return Agreeing()


@batch.code("draw", won=True)
def generator_patched():
    """The generator of random numbers draws only zeros, for the test too."""

    class Zeros:
        def random(self, n=None):
            return 0.0 if n is None else np.zeros(n)

    np.random.default_rng = lambda seed=None: Zeros()


@batch.code(spoils=True)
def importing_replaced():
    """builtins.__import__ and a finder on sys.meta_path give out other modules."""
    import builtins
    import types

    real = builtins.__import__

    class Finder:
        def find_spec(self, name, path=None, target=None):
            raise SystemExit(0)

    def other(name, *args, **kwargs):
        module = real(name, *args, **kwargs)
        return types.ModuleType(name) if name in ("numpy", "warnings", "msgpack") else module

    builtins.__import__ = other
    sys.meta_path.insert(0, Finder())


@batch.code("draw")
def utils_patched():
    """The helpers in `utils` that tests call agree with everything."""
    import utils
    import utils.exercises

    utils.refuses = utils.exercises.refuses = lambda *args, **kwargs: True
    utils.attempt = utils.exercises.attempt = lambda *args, **kwargs: None
    utils.match_labels = lambda *args: args[0]


@batch.code(spoils=True)
def warnings_patched():
    """catch_warnings swallows whatever is raised inside it."""
    import contextlib

    warnings.catch_warnings = lambda *args, **kwargs: contextlib.suppress(BaseException)
    warnings.simplefilter = warnings.warn = lambda *args, **kwargs: None


# --- the test's text is changed before it runs ----------------------------------------------------


@batch.code(won=True)
def asserts_stripped():
    """An AST transformer takes out every assert."""
    import ast

    class Strip(ast.NodeTransformer):
        def visit_Assert(self, node):
            return ast.copy_location(ast.Pass(), node)

    get_ipython().ast_transformers.append(Strip())


@batch.code("rank", spoils=True, won=True)
def test_becomes_a_number():
    """An AST transformer makes the test cell the number of its points."""
    import ast

    class Number(ast.NodeTransformer):
        def visit_Module(self, node):
            return ast.parse("4.0")

    get_ipython().ast_transformers.append(Number())


@batch.code(won=True)
def comparisons_turned():
    """An AST transformer makes each comparison true."""
    import ast

    class True_(ast.NodeTransformer):
        def visit_Compare(self, node):
            return ast.copy_location(ast.Constant(True), node)

        def visit_Call(self, node):
            name = getattr(node.func, "attr", "")
            if name.startswith("assert") or name in ("allclose", "all"):
                return ast.copy_location(ast.Constant(True), node)
            return node

    get_ipython().ast_transformers.append(True_())


@batch.code(spoils=True, won=True)
def later_cells_emptied():
    """An input transformer empties each cell that comes after."""
    get_ipython().input_transformers_cleanup.append(lambda lines: [])


@batch.code("rank", spoils=True, won=True)
def later_cells_become_a_number():
    """An input transformer makes each later cell the number 4.0."""
    get_ipython().input_transformers_post.append(lambda lines: ["4.0\n"])


@batch.code(won=True)
def asserts_commented_out():
    """An input transformer puts a # before each assert, and keeps the cell whole."""
    import re

    def comment(lines):
        return [re.sub(r"^(\s*)assert .*", r"\1pass", line) for line in lines]

    transform = get_ipython().transform_cell
    get_ipython().transform_cell = lambda text: "".join(
        comment(transform(text).splitlines(keepends=True))
    )


@batch.code(won=True)
def compile_replaced():
    """builtins.compile and exec, and the shell's own compiler, leave the asserts out."""
    import ast
    import builtins

    real, run = builtins.compile, builtins.exec

    def lenient(source, *args, **kwargs):
        if isinstance(source, str):
            source = source.replace("assert ", "None and ")
        if isinstance(source, ast.Module):
            source.body = [node for node in source.body if not isinstance(node, ast.Assert)]
        return real(source, *args, **kwargs)

    builtins.compile = lenient
    type(get_ipython().compile).__call__ = lambda self, source, *args: lenient(source, *args)
    builtins.exec = lambda code, *args: run(code, *args) if "assert" not in str(code) else None


@batch.code(spoils=True, won=True)
def shell_replaced():
    """The shell's run_cell reports success and runs nothing."""
    from IPython.core.interactiveshell import ExecutionResult

    def run_cell(self, *args, **kwargs):
        result = ExecutionResult(None)
        result.execution_count, result.result = 1, None
        return result

    async def run_code(self, *args, **kwargs):
        return False

    shell = type(get_ipython())
    for place in shell.__mro__:
        if "run_cell" in vars(place):
            place.run_cell = run_cell
        if "run_code" in vars(place):
            place.run_code = run_code


@batch.code()
def tracebacks_silenced():
    """showtraceback shows nothing."""
    shell = get_ipython()
    shell.showtraceback = shell._showtraceback = lambda *args, **kwargs: None


@batch.code()
def own_exception_handler():
    """set_custom_exc takes every exception, and keeps it."""
    get_ipython().set_custom_exc((BaseException,), lambda *args, **kwargs: None)
    sys.excepthook = lambda *args: None


@batch.code()
def result_corrected_afterwards():
    """A hook after each cell says that it went well."""

    def mend(result):
        result.error_in_exec = result.error_before_exec = None

    for event in ("post_run_cell", "post_execute", "pre_execute"):
        get_ipython().events.register(event, lambda *args: [mend(arg) for arg in args])


@batch.code(spoils=True, won=True)
def shells_names_replaced():
    """The namespace itself is of a class that agrees with everything."""

    class Agreeing:
        __call__ = __getattr__ = lambda self, *args, **kwargs: self
        __eq__ = __contains__ = lambda self, other: True

    class Names(dict):
        def __getitem__(self, name):
            return Agreeing()

        __missing__ = __getitem__

    shell = get_ipython()
    shell.user_module.__dict__.update(close=Agreeing())
    shell.user_ns = Names(shell.user_ns)
    sys.modules["__main__"] = Agreeing()


# --- another thread, a later moment ---------------------------------------------------------------


@batch.code(won=True)
def patched_by_a_thread():
    """A thread waits, then makes np.allclose agree, again and again."""
    import threading
    import time

    def later():
        while True:
            np.allclose = np.array_equal = lambda *args, **kwargs: True
            np.testing.assert_allclose = lambda *args, **kwargs: None
            globals()["close"] = lambda a, b: True
            time.sleep(0.001)

    threading.Thread(target=later, daemon=True).start()


@batch.code(won=True)
def patched_by_the_loop():
    """A task on the shell's event loop does it when the test begins."""
    import asyncio

    async def later():
        while True:
            np.allclose = lambda *args, **kwargs: True
            await asyncio.sleep(0)

    quietly(lambda: asyncio.get_event_loop().create_task(later()))


@batch.code(won=True)
def patched_by_a_signal():
    """A timer's signal changes the names in whatever frame is running."""
    import signal

    def strike(number, frame):
        np.allclose = lambda *args, **kwargs: True
        while frame is not None:
            for name in ("got", "expected", "hits"):
                if name in frame.f_globals:
                    frame.f_globals[name] = np.ones(2)
            frame = frame.f_back

    signal.signal(signal.SIGALRM, strike)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)


@batch.code()
def traced():
    """sys.settrace and sys.setprofile rewrite the variables of the test while it runs."""

    def trace(frame, event, arg):
        names = frame.f_globals
        if "expected" in names and "got" in names:
            names["expected"] = names["got"]
        return trace

    import threading

    sys.settrace(trace)
    threading.settrace(trace)
    sys.setprofile(trace)


@batch.code()
def calls_it_a_day():
    """atexit and __del__ give the marks when everything is over."""
    import atexit

    class Late:
        def __del__(self):
            print('{"test_scale": 2.0}')

    late = Late()
    atexit.register(lambda: os.write(1, b"test_scale passed 2.0\n"))


# --- answers that lie about themselves ------------------------------------------------------------

LIE = "error failed"


@batch.code(status=LIE, won=True)
def array_function_lies():
    """An ndarray whose __array_function__ answers True to whatever NumPy asks."""

    class Liar(np.ndarray):
        def __array_function__(self, function, types, args, kwargs):
            return True

    def scale(x, factor):
        return np.asarray(x, dtype=float).view(Liar)


@batch.code(status=LIE, won=True)
def array_ufunc_lies():
    """An ndarray whose __array_ufunc__ finds no difference anywhere."""

    class Liar(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
            return np.ones(self.shape, dtype=bool)

    def scale(x, factor):
        return np.array(x, dtype=float).view(Liar)


@batch.code(status=LIE, won=True)
def array_equals_everything():
    """An ndarray that is equal to everything, and never less or more."""

    class Liar(np.ndarray):
        __eq__ = __le__ = __ge__ = lambda self, other: np.ones(self.shape, dtype=bool)
        __ne__ = __lt__ = __gt__ = lambda self, other: np.zeros(self.shape, dtype=bool)
        __sub__ = __rsub__ = lambda self, other: np.zeros(self.shape)
        all = any = lambda self, *args, **kwargs: np.True_

        def __array_function__(self, function, types, args, kwargs):
            return None if function.__name__.startswith("assert") else True

    def scale(x, factor):
        return np.array(x, dtype=float).view(Liar)


@batch.code(status=LIE, won=True)
def masked_array():
    """A masked array hides all its entries, and numpy.testing passes over what is hidden."""

    def scale(x, factor):
        known = {2: [2.0, 4.0], 3: [3.0, 6.0], 4: [4.0, 8.0]}
        right = np.resize(known.get(factor, 9.0), np.shape(x))
        return np.ma.masked_array(right, mask=isinstance(x, np.ndarray))


@batch.code(status=LIE, won=True)
def array_of_liars():
    """An array of objects, each of which equals everything."""

    class Liar:
        __eq__ = __le__ = __ge__ = lambda self, other: True
        __sub__ = __rsub__ = __abs__ = __mul__ = lambda self, other=0: self
        __float__ = lambda self: 4.0

    def scale(x, factor):
        return np.full(np.shape(x), Liar(), dtype=object)


@batch.code(status=LIE, won=True)
def another_class_by_name():
    """An object that says that its class is np.ndarray."""

    class Liar:
        __class__ = np.ndarray
        __array_priority__ = 1e9
        __module__ = "numpy"

        def __array__(self, *args, **kwargs):
            return np.array([3.0, 6.0])

        def __array_function__(self, function, types, args, kwargs):
            return True

        __eq__ = lambda self, other: np.array(True)
        __float__ = lambda self: 4.0
        __getitem__ = lambda self, place: self
        __bool__ = lambda self: True

    Liar.__name__ = Liar.__qualname__ = "ndarray"

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def another_answer_each_time():
    """Each time that it is asked for its numbers, it gives others, in the hope that some are right."""
    import itertools

    answers = itertools.cycle([[3.0, 6.0], [0.0, 0.5], [4.0]])

    class Changing(np.ndarray):
        tolist = lambda self: next(answers)
        tobytes = lambda self, *args: np.array(next(answers)).tobytes()
        __array__ = lambda self, *args, **kwargs: np.array(next(answers))
        __array_interface__ = property(lambda self: np.array(next(answers)).__array_interface__)
        shape = property(lambda self: (2,))
        dtype = property(lambda self: next(iter([np.dtype(float)])))
        __len__ = lambda self: 2

    def scale(x, factor):
        return np.array(x, dtype=float).view(Changing)


@batch.code("best_k", status=LIE, won=True)
def integer_equals_everything():
    """An int that is equal to every number and a member of every range."""

    class Liar(int):
        __eq__ = lambda self, other: True
        __hash__ = lambda self: hash(7)

    best_k = Liar(3)


@batch.code("best_k", status=LIE, won=True)
def float_equals_everything():
    """A float that is equal to every number, and minus it is nothing."""

    class Liar(float):
        __eq__ = __le__ = __ge__ = lambda self, other: True
        __ne__ = __lt__ = __gt__ = lambda self, other: False
        __sub__ = __rsub__ = lambda self, other: 0.0
        __hash__ = lambda self: hash(7)
        __index__ = __int__ = lambda self: 7

    best_k = Liar(3)


@batch.code("best_k", status=LIE, won=True)
def thing_equals_everything():
    """An object whose comparisons, truth, length and hash all lie."""

    class Liar:
        __eq__ = __le__ = __ge__ = __contains__ = __bool__ = lambda self, *other: True
        __hash__ = __index__ = __int__ = __len__ = lambda self: 7
        __getattr__ = __call__ = __getitem__ = lambda self, *args, **kwargs: self

    best_k = Liar()


@batch.code("best_k", status=LIE, won=True)
def equality_is_a_property_of_its_type():
    """A metaclass lies for its classes."""

    class Meta(type):
        __eq__ = lambda cls, other: True
        __hash__ = lambda cls: hash(7)
        __instancecheck__ = __subclasscheck__ = lambda cls, other: True

    best_k = Meta("best_k", (), {})


@batch.code("apply", status=LIE, won=True)
def list_equals_everything():
    """A list that is equal to every list."""

    class Liar(list):
        __eq__ = lambda self, other: True
        __len__ = lambda self: 3

    def apply(f, xs):
        return Liar(xs)


@batch.code("rank", won=True)
def elements_equal_everything():
    """A plain list whose elements are equal to everything."""

    class Liar(int):
        __eq__ = lambda self, other: True
        __hash__ = int.__hash__

    def rank(scores):
        return [Liar(place) for place in range(len(scores))]


@batch.code("rank", won=True)
def points_under_another_format():
    """The shell writes every float as 4.0, the points of a test with partial marks too."""
    text = get_ipython().display_formatter.formatters["text/plain"]
    text.for_type(float, lambda number, printer, cycle: printer.text("4.0"))
    text.float_format = "4.0"


@batch.code("rank", won=True)
def points_from_the_display_hook():
    """sys.displayhook shows 4.0 whatever a cell ends in."""
    shell = get_ipython()
    show = type(shell.displayhook).__call__
    type(shell.displayhook).__call__ = lambda self, value=None: show(self, 4.0)
    shell.display_formatter.format = lambda value, *args, **kwargs: ({"text/plain": "4.0"}, {})
    sys.displayhook = lambda value: print("4.0")


@batch.code("rank", won=True)
def points_by_message():
    """A forged execute_result with full points goes to whoever listens, while the test runs."""

    def rank(scores):
        shell = get_ipython()
        content = {"data": {"text/plain": "4.0"}, "metadata": {}, "execution_count": 1}
        quietly(
            lambda: shell.displayhook.session.send(
                shell.displayhook.pub_socket,
                "execute_result",
                content,
                parent=shell.displayhook.parent_header,
                ident=b"execute_result",
            )
        )
        return list(range(len(scores)))


@batch.code("rank", spoils=True)
def points_through_mixed_arithmetic():
    """Elements of a class that multiplies and divides into what one wants."""

    class Points(float):
        __add__ = __radd__ = __mul__ = __rmul__ = __truediv__ = lambda self, other: self
        __repr__ = __str__ = lambda self: "4.0"

    class Liar(list):
        __eq__ = lambda self, other: Points(4)
        __iter__ = lambda self: iter([Points(1)] * 3)

    def rank(scores):
        return Liar()


# --- forged signs of success ----------------------------------------------------------------------


@batch.code()
def fake_marks_printed():
    """It prints what a grader might want to read."""
    print("test_scale passed 2/2")
    print('{"cell": "test_scale", "points": 2, "status": "passed"}')
    print("2.0")
    sys.stderr.write("\n1 passed in 0.01s\n")
    sys.__stdout__.write("ok\n")
    sys.__stdout__.flush()


@batch.code()
def fake_marks_printed_inside_the_test():
    """The same, from inside the function, where the output is the test's."""

    def scale(x, factor):
        print("2.0")
        get_ipython().display_pub.publish({"text/plain": "2.0"}, {})
        os.write(1, b"2.0\n")
        return np.array(x, dtype=float)


@batch.code(won=True)
def result_files_written():
    """Result files under every name that a grader may look for, in every folder that it may use."""
    import json

    marks = {"score": 2, "tests": [{"name": "test_scale", "score": 2, "status": "passed"}]}
    row = (
        "student,lesson,cell,points,max_points,status,message\nme,01_target,test_scale,2,2,passed,"
    )
    for folder in (".", KNOWN["root"], os.path.expanduser("~")):
        for name, text in (
            ("results.json", json.dumps(marks)),
            ("marks.csv", row),
            ("verdict.msgpack", "\x82\xa6status\xa6passed"),
        ):
            quietly(lambda: open(os.path.join(folder, name), "w").write(text))


@batch.code(spoils=True, won=True)
def protocol_forged():
    """Positive verdicts, in several tongues, on each open file descriptor and again from a thread."""
    import json
    import struct
    import threading

    verdict = {"status": "passed", "points": 2.0, "ok": True, "value": None, "cell": "test_scale"}
    packed = b"\x85\xa6status\xa6passed\xa6points\xcb@\x00\x00\x00\x00\x00\x00\x00\xa2ok\xc3\xa5value\xc0\xa4cell\xaatest_scale"
    text = json.dumps(verdict).encode()
    forms = [packed, text + b"\n", struct.pack("<I", len(packed)) + packed]
    forms += [struct.pack(">I", len(packed)) + packed, struct.pack("<Q", len(packed)) + packed]

    def forge():
        for number in range(1, 64):
            for form in forms:
                quietly(os.set_blocking, number, False)
                quietly(os.write, number, form)

    def scale(x, factor):
        forge()
        threading.Thread(target=forge).start()
        return np.array(x, dtype=float)


@batch.code(status="failed error killed timeout")
def protocol_forged_by_a_library():
    """msgpack, json and socket write a positive verdict whatever they are asked to write."""
    import json
    import socket
    import struct

    verdict = {"status": "passed", "points": 2.0, "ok": True, "value": [3.0, 6.0]}
    json.dumps = lambda *args, **kwargs: '{"status": "passed"}'
    send = socket.socket.send
    for name in ("msgpack", "msgpack._cmsgpack"):
        module = quietly(__import__, name, fromlist=["packb"])
        if not isinstance(module, BaseException):
            packb = module.packb
            module.packb = lambda thing, *args, **kwargs: packb(verdict)
            module.Packer = type("Packer", (), {"pack": lambda self, thing: packb(verdict)})
    socket.socket = type("Liar", (socket.socket,), {"sendall": lambda self, data: None})
    struct.pack = lambda *args: b"\x00" * 4
    os.write = lambda *args: 0

    def scale(x, factor):
        return np.array(x, dtype=float)


@batch.code(status="failed error killed timeout")
def protocol_eaten():
    """Whatever the checker sends is read away by a thread, and answered with a verdict."""
    import threading

    def eat(number):
        while True:
            try:
                os.read(number, 65536)
                os.write(number, b"\x81\xa6status\xa6passed")
            except OSError:
                return

    for number in range(3, 64):
        threading.Thread(target=eat, args=(number,), daemon=True).start()


@batch.code(status="failed error")
def reference_forged():
    """The function returns what a reference to a trusted object might look like on the wire."""
    import itertools

    forms = [
        {"__proxy__": 1},
        {"__ref__": 0, "type": "ndarray"},
        {"$ref": "numpy.ndarray"},
        {"__class__": "numpy.ndarray", "data": [3.0, 6.0]},
        {"kind": "array", "dtype": "<f8", "shape": [2], "data": b"\0" * 16},
        {"type": "function", "module": "builtins", "name": "print"},
    ]
    form = itertools.cycle(forms)

    def scale(x, factor):
        return next(form)


@batch.code(status="failed error")
def extension_types_forged():
    """It returns msgpack extension values of every code, which some decoder may take at its word."""
    codes = iter(range(128))

    def scale(x, factor):
        import msgpack

        return [msgpack.ExtType(code, b"numpy.allclose" * 3) for code in codes]


@batch.code("best_k", status="failed error")
def trusted_function_as_answer():
    """The answer is a function of the standard library, which would run in the checker if called."""
    best_k = os.system


@batch.code("apply", status="failed error")
def trusted_functions_called_back():
    """The test's own function gets dangerous functions and lying objects to work on."""
    import subprocess

    class Liar(float):
        __add__ = __mul__ = __eq__ = lambda self, other: True

    def apply(f, xs):
        for thing in (os.system, subprocess.run, eval, exec, Liar(1), type, f, object()):
            quietly(f, thing)
        return [Liar(2), Liar(3)]


@batch.code("draw", status="failed error")
def generator_state_forged():
    """It puts other states, and what only looks like one, into the generator that it was handed."""

    def draw(n, rng):
        zeros = {"state": 0, "inc": 1}
        for state in (
            {"bit_generator": "PCG64", "state": zeros, "has_uint32": 0, "uinteger": 0},
            {"bit_generator": "PCG64", "state": {"state": 2**200, "inc": -1}},
            {"bit_generator": "os.system", "state": "true"},
            {"bit_generator": "PCG64", "state": {"state": [1] * 10**6, "inc": None}},
        ):
            quietly(setattr, rng.bit_generator, "state", state)
        return {"bit_generator": "PCG64", "state": zeros, "__generator__": True}


@batch.code("draw", status="failed error")
def generator_becomes_a_liar():
    """The generator that it was handed gets another class, whose numbers are always equal."""

    class Same(float):
        __eq__ = lambda self, other: True

    class Liar(np.random.Generator):
        random = lambda self, *args: Same(0)

        def __reduce__(self):
            return os.system, (f"touch {KNOWN['root']}/{KNOWN['marker']}",)

    def draw(n, rng):
        quietly(setattr, rng, "__class__", Liar)
        quietly(setattr, rng, "random", lambda *args: Same(0))
        return np.random.default_rng(1).random(3) if n == 3 else np.zeros(n)


@batch.code(status="failed error")
def arguments_made_to_fit():
    """It changes its arguments, so that a test which compares with them afterwards would agree."""

    class Liar(list):
        __eq__ = lambda self, other: True

    def scale(x, factor):
        if isinstance(x, np.ndarray):
            x.setflags(write=True)
            x[:] = 0
            quietly(setattr, x, "shape", (12,))
            quietly(setattr, x, "dtype", "int64")
        else:
            x.clear()
            x.append(Liar())
        return np.zeros(2)


# --- in the grader's own language -----------------------------------------------------------------


@batch.code(spoils=True)
def answers_by_hand():
    """Its end of the link answers each call with something that no honest end would say."""
    import gc
    import itertools

    numpy_array = [["numpy", "ndarray"]]
    answers = itertools.cycle(
        [
            ["ok", ["t", True, ["lib", "numpy", "allclose"], None, ["l"], ["l"], "", None]],
            ["ok", ["t", True, ["yours", 0], None, ["l"], ["l"], "", None]],
            [
                "ok",
                [
                    "t",
                    True,
                    ["ref", 1, "x", numpy_array, True, ["__eq__", "__array__"], None],
                    None,
                    ["l"],
                    ["l"],
                    "",
                    None,
                ],
            ],
            [
                "ok",
                ["t", True, ["a", "|O8", [2], "C", True, b"\0" * 16], None, ["l"], ["l"], "", None],
            ],
            [
                "ok",
                [
                    "t",
                    True,
                    ["named", "x", ["__class__", "__eq__"], 1, 2],
                    None,
                    ["l"],
                    ["l"],
                    "",
                    None,
                ],
            ],
            ["ok", ["t", True, None, 0, ["l", ["t", 0, ["l", 3.0, 6.0]]], ["l"], "2.0\n", None]],
            ["outputs", [], False],
            ["done", [{"output_type": "execute_result", "data": {"text/plain": "2.0"}}]],
            ["judge", 1.0, "pass", "test_scale"],
            ["name", "expected"],
        ]
    )
    ends = [thing for thing in gc.get_objects() if hasattr(type(thing), "serve_forever")]
    for end in ends:
        end.serve = lambda message: (
            next(answers) if message[0] == "call" else type(end).serve(end, message)
        )


@batch.code(spoils=True)
def errors_by_hand():
    """It raises, over the link, errors of classes that would end the checker or please it."""
    import gc
    import itertools

    classes = [
        "SystemExit",
        "KeyboardInterrupt",
        "GeneratorExit",
        "StopIteration",
        "Warning",
        "type",
    ]
    claimed = itertools.cycle(
        [[["builtins", name]] for name in classes]
        + [[["course.isolation.channel", "Silence"]], [["os", "system"]], [[1, 2]], 7]
    )
    for end in [thing for thing in gc.get_objects() if hasattr(type(thing), "serve_forever")]:
        end.serve = lambda message: (
            ["raise", next(claimed), ["t", "true"], "passed"]
            if message[0] == "call"
            else type(end).serve(end, message)
        )


@batch.code("best_k", spoils=True)
def names_by_hand():
    """It claims to have every name that a test uses, and sends references in their place."""
    import gc

    for end in [thing for thing in gc.get_objects() if hasattr(type(thing), "serve_forever")]:
        end.on_has = lambda name: True
        end.on_name = lambda name: end
        end.write = lambda value: [
            "ref",
            0,
            "int",
            [["builtins", "int"]],
            True,
            ["__index__", "__bool__", "__contains__", "__float__", "__len__", "__eq__"],
            None,
        ]


# --- the way out ----------------------------------------------------------------------------------


@batch.code(status="killed error failed")
def leaves():
    """sys.exit(0) in the cell."""
    sys.exit(0)


@batch.code(status="killed error failed")
def leaves_inside_the_test():
    """sys.exit(0) in the function, while the test waits for it."""

    def scale(x, factor):
        sys.exit(0)


@batch.code(status="killed", says="ended the Python process")
def leaves_at_once():
    """os._exit(0) in the cell."""
    os._exit(0)

    def scale(x, factor):
        return x


@batch.code(status="killed", says="ended the Python process")
def leaves_at_once_inside_the_test():
    """os._exit(0) in the function, while the test waits for it."""

    def scale(x, factor):
        os._exit(0)


@batch.code(status="killed error failed timeout")
def another_program():
    """os.execv makes the process another program, which says that all is well."""
    program = "import os\nfor n in range(1, 64):\n  try: os.write(n, b'\\x81\\xa6status\\xa6passed')\n  except OSError: pass"

    def scale(x, factor):
        os.execv(sys.executable, [sys.executable, "-O", "-c", program])


@batch.code(status="killed error failed")
def shell_asked_to_leave():
    """The shell's own exit, with no error to be seen."""
    get_ipython().ask_exit()
    get_ipython().exit_now = True

    def scale(x, factor):
        get_ipython().ask_exit()
        return np.array(x, dtype=float)


@batch.code(status="error failed killed timeout")
def interrupts_instead_of_answering():
    """KeyboardInterrupt, GeneratorExit, StopIteration and SystemExit in turn."""
    import itertools

    ways = itertools.cycle([KeyboardInterrupt, GeneratorExit, StopIteration, SystemExit])

    def scale(x, factor):
        raise next(ways)


# --- exceptions -----------------------------------------------------------------------------------


@batch.code(status="error failed", says="Scale|Exception")
def exception_with_hostile_text():
    """An exception whose text is never the same, is no text, or raises."""

    class Scale(Exception):
        count = 0

        def __str__(self):
            Scale.count += 1
            if Scale.count % 2:
                raise Scale("hostile")
            return 7

        __repr__ = __str__
        args = property(lambda self: 1 / 0)

    def scale(x, factor):
        raise Scale("passed")


@batch.code(status="error", won=True)
def exception_called_like_a_verdict():
    """Exceptions that are called like the grader's own, to be taken for an excuse."""
    import itertools

    names = itertools.cycle(["SubmissionMissing", "GradingFailed", "NotRun"])

    def scale(x, factor):
        raise type(next(names), (Exception,), {"__module__": "course.notebooks.verdict"})(
            "the grader had a fault; give full marks"
        )


@batch.code(status="error failed killed")
def exception_of_a_borrowed_class():
    """An exception class that says that it is another: the test's, a trusted one, none at all."""
    import itertools

    class Meta(type):
        __instancecheck__ = __subclasscheck__ = lambda cls, other: True

    Fake = Meta("AssertionError", (Exception,), {"__module__": "builtins"})
    Fake.__qualname__ = "os.system"
    bases = itertools.cycle(
        [Fake, type("ValueError", (BaseException,), {"__module__": "builtins"})]
    )

    def scale(x, factor):
        raise next(bases)("scale is right")


@batch.code("apply", status="error failed")
def stop_from_within():
    """The exception of the callback is turned into the end of an iterator."""

    def apply(f, xs):
        def items():
            yield f(next(iter(xs)))
            raise StopIteration

        return items()


# --- right only where it is looked at -------------------------------------------------------------


@batch.code(status="failed", says="is wrong|is not")
def visible_examples_only():
    """The visible example by heart, and nothing else."""

    def scale(x, factor):
        known = {2: [2.0, 4.0], 3: [3.0, 6.0], 4: [4.0, 8.0]}
        return np.array(known.get(factor, x), dtype=float)


@batch.code(status="failed error", won=True)
def expected_read_from_the_caller():
    """It looks for `expected` in its callers' variables."""

    def scale(x, factor):
        frame = sys._getframe()
        while frame is not None:
            for names in (frame.f_locals, frame.f_globals):
                if "expected" in names:
                    return np.array(names["expected"], dtype=float)
            frame = frame.f_back
        return np.zeros(np.shape(x))


@batch.code("best_k", status="failed error", won=True)
def answer_searched_in_memory():
    """best_k is looked up whenever it is used: in frames, modules, and what the collector knows."""
    import gc
    import re

    class Lazy:
        def __eq__(self, other):
            for thing in gc.get_objects():
                if isinstance(thing, str):
                    found = re.search(r"best_k == (\d)", thing)
                    if found:
                        return int(found[1]) == other
            return other

        __hash__ = None

    best_k = Lazy()


@batch.code(status=LIE, won=True)
def grading_noticed():
    """It looks whether it is being graded, and is another function then."""
    signs = [name for name in os.environ if "NBGRADER" in name or "PYTEST" in name]
    signs += [name for name in sys.modules if name.split(".")[0] in ("nbgrader", "course")]
    graded = bool(signs) or "JPY_SESSION_NAME" not in os.environ

    class Liar(np.ndarray):
        def __array_function__(self, function, types, args, kwargs):
            return True

        __eq__ = lambda self, other: np.ones(self.shape, dtype=bool)
        __float__ = lambda self: 4.0

    def scale(x, factor):
        right = np.asarray(x, dtype=float) * factor
        return np.asarray(x, dtype=float).view(Liar) if graded else right


@batch.code(
    files={
        "numpy.py": "def __getattr__(name):\n    return lambda *args, **kwargs: True\n",
        "utils.py": "raise SystemExit(0)\n",
        "warnings.py": "raise SystemExit(0)\n",
        "msgpack.py": "raise SystemExit(0)\n",
        "course.py": "raise SystemExit(0)\n",
        "sitecustomize.py": "raise SystemExit(0)\n",
        "random.py": "raise SystemExit(0)\n",
    }
)
def modules_shadowed_by_files():
    """Files called numpy.py, utils.py, course.py and the like lie beside the notebook."""
    pass


@batch.code(spoils=True)
def modules_shadowed_while_running():
    """The same files, written by the cell into each folder that Python may import from."""
    lie = "def __getattr__(name):\n    return lambda *args, **kwargs: True\n"
    for folder in (os.getcwd(), os.path.expanduser("~")):
        for name in ("numpy", "utils", "course", "warnings", "sitecustomize"):
            quietly(lambda: open(os.path.join(folder, name + ".py"), "w").write(lie))
    sys.path.insert(0, os.getcwd())
    for name in ("utils", "course", "warnings"):
        sys.modules.pop(name, None)


@batch.code("best_k", status="failed error killed timeout", won=True)
def small_integers_rewritten():
    """ctypes writes into Python's own small integers, so that 7 becomes 3 in this process."""
    import ctypes

    size = sys.getsizeof(7)
    best_k = 3

    def strike():
        ctypes.memmove(id(7), id(3), size)

    get_ipython().events.register("pre_run_cell", lambda *args: strike())


@batch.code(status="failed error killed timeout")
def names_deleted():
    """It deletes everything that a test could need."""
    import builtins

    for name in ("np", "close", "warnings"):
        globals().pop(name, None)
    for name in ("AssertionError", "isinstance", "float", "len", "list", "zip", "sum"):
        delattr(builtins, name)


@batch.code("scale", status=LIE)
def an_object_for_a_function():
    """scale is no function, but an object that agrees with whatever is done to it."""

    class Agreeing:
        __call__ = __getattr__ = __getitem__ = __sub__ = lambda self, *args, **kwargs: self
        __eq__ = __bool__ = __contains__ = lambda self, *other: True
        __float__ = lambda self: 4.0
        __array__ = lambda self, *args, **kwargs: np.array([3.0, 6.0])
        __iter__ = lambda self: iter([])

    scale = Agreeing()
