"""To say one thing and hand over another: objects, arguments and memory that tests ask about."""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: E731, F821, RUF012

from tests.isolation.attacks import Batch

batch = Batch("to say one thing and hand over another")
LIE = "error failed"


@batch.code(status=LIE)
def empty_when_asked_again():
    """Its shape is right, and when it is asked for its numbers it is empty."""

    class Liar:
        shape, ndim, size, dtype = (2,), 1, 2, np.dtype(float)
        __len__ = lambda self: 2

        def __array__(self, dtype=None, copy=None):
            return np.empty(0)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def right_shape_first():
    """The first array that it gives has the right shape, the second is empty."""

    class Liar:
        asked = 0

        def __array__(self, dtype=None, copy=None):
            Liar.asked += 1
            return np.zeros(2) if Liar.asked % 2 else np.empty(0)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def interface_moves():
    """Its __array_interface__ names other memory each time."""

    class Liar:
        kept = [np.zeros(2), np.empty(0)]

        @property
        def __array_interface__(self):
            Liar.kept.reverse()
            return Liar.kept[0].__array_interface__

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def interface_of_nothing():
    """Its __array_interface__ has the right shape and strides of 0 over one number."""

    class Liar:
        one = np.array([np.nan])
        __array_interface__ = {**one.__array_interface__, "shape": (2,), "strides": (0,)}

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def length_without_items():
    """It has a length and gives no items."""

    class Liar:
        __len__ = lambda self: 2
        __iter__ = lambda self: iter(())
        __getitem__ = lambda self, place: [][place]

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def items_without_end_or_length():
    """It has a length of nothing and items that agree."""

    class Same(float):
        __eq__ = lambda self, other: True

    class Liar:
        __len__ = lambda self: 0
        __getitem__ = lambda self, place: Same(0)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def shape_in_a_named_tuple():
    """A named tuple has a field that is called shape."""

    from collections import namedtuple

    Liar = lambda: namedtuple("Liar", "shape ndim dtype")((2,), 1, "f8")

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def empty_named_tuple():
    """A named tuple whose only field, the shape, is empty."""

    from collections import namedtuple

    Liar = lambda: namedtuple("Liar", "shape")(())

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def array_of_another_shape():
    """A subclass of ndarray says that its shape, length and type are other ones."""

    class Lying(np.ndarray):
        shape = property(lambda self: (2,))
        size = property(lambda self: 2)
        ndim = property(lambda self: 1)
        __len__ = lambda self: 2

    Liar = lambda: np.empty(0).view(Lying)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def list_of_another_length():
    """A subclass of list says that it has two items, and has none."""

    class Liar(list):
        __len__ = lambda self: 2
        __iter__ = lambda self: iter([3.0, 6.0])
        __eq__ = lambda self, other: True
        __array__ = lambda self, *args, **kwargs: np.array([3.0, 6.0])

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def tuple_of_another_length():
    """A subclass of tuple does."""

    class Liar(tuple):
        __len__ = lambda self: 2
        __getitem__ = lambda self, place: 3.0
        shape = (2,)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def dictionary_like_an_array():
    """A subclass of dict has a shape and an array."""

    class Liar(dict):
        shape = (2,)
        __array__ = lambda self, *args, **kwargs: np.empty(0)
        __eq__ = lambda self, other: True

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def number_like_an_array():
    """A subclass of float has a shape, and equals everything."""

    class Liar(float):
        shape = (2,)
        __eq__ = __le__ = __ge__ = lambda self, other: True
        __sub__ = __rsub__ = lambda self, other: 0.0

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def text_like_an_array():
    """A subclass of str has an array."""

    class Liar(str):
        shape = (2,)
        __array__ = lambda self, *args, **kwargs: np.empty(0)

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def memoryview_of_nothing():
    """A buffer without a byte."""

    Liar = lambda: memoryview(np.empty(0))

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def array_module_of_nothing():
    """Python's own array, empty."""

    import array

    Liar = lambda: array.array("d")

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def deque_of_nothing():
    """An empty deque of a class with a length of two."""

    from collections import deque

    class Liar(deque):
        __len__ = lambda self: 2

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def generator_of_nothing():
    """A generator that ends at once."""

    Liar = lambda: (item for item in ())

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def array_within_an_array():
    """An array of objects, each of which is an array once and nothing later."""

    class Inner:
        asked = 0

        def __array__(self, dtype=None, copy=None):
            Inner.asked += 1
            return np.zeros(2) if Inner.asked == 1 else np.empty(0)

        __float__ = lambda self: 3.0

    def Liar():
        made = np.empty(2, dtype=object)
        made[:] = [Inner(), Inner()]
        return made

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def frame_of_another_shape():
    """A pandas frame whose class says another shape."""

    import pandas as pd

    class Liar(pd.DataFrame):
        shape = property(lambda self: (2,))
        __len__ = lambda self: 2

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def series_with_its_own_array():
    """A pandas series with an __array__ of its own."""

    import pandas as pd

    class Lying(pd.Series):
        def __array__(self, dtype=None, copy=None):
            return np.empty(0)

    Liar = lambda: Lying([1.0, 2.0])

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def class_in_place_of_a_value():
    """The class itself, with a shape and a length in its metaclass."""

    class Meta(type):
        shape = (2,)
        __len__ = lambda cls: 2
        __iter__ = lambda cls: iter(())
        __array__ = lambda cls, *args, **kwargs: np.empty(0)

    class Kind(metaclass=Meta):
        pass

    Liar = lambda: Kind

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def ufunc_answers():
    """An object that says what a ufunc says of it."""

    class Liar:
        shape = (2,)
        __array_priority__ = 1e9
        __array_ufunc__ = lambda self, *args, **kwargs: np.ones(2, dtype=bool)
        __array_function__ = lambda self, *args, **kwargs: True

    def scale(x, factor):
        return Liar()


@batch.code(status=LIE)
def blanks_its_input():
    """It sets its input to 0, so that a test which scales that itself expects zeros."""

    def scale(x, factor):
        if isinstance(x, np.ndarray):
            x.setflags(write=True)
            x[...] = 0
        elif isinstance(x, list):
            x[:] = [0.0] * len(x)
        return np.zeros(np.shape(x))


@batch.code("apply", status=LIE)
def spends_the_iterator():
    """It takes all items from the iterator that it is handed, and gives back the list emptied."""

    def apply(f, xs):
        kept = list(xs)
        if isinstance(xs, list):
            xs.clear()
        return kept[:0]


@batch.code("draw", status=LIE)
def generator_without_a_stream():
    """It gives the generator an increment of 0, so that whatever is drawn later is 0."""

    def draw(n, rng):
        state = rng.bit_generator.state
        state["state"] = {"state": 0, "inc": 0}
        rng.bit_generator.state = state
        return np.zeros(n)


@batch.code("draw", status=LIE)
def generator_set_back():
    """It sets the generator to the state of another seed."""

    def draw(n, rng):
        rng.bit_generator.state = np.random.default_rng(2).bit_generator.state
        return np.zeros(n)


@batch.code("draw", status=LIE)
def generator_of_another_kind():
    """It gives back a generator of another kind in place of the one that it was handed."""

    def draw(n, rng):
        rng.__init__(np.random.MT19937(0))
        return np.zeros(n)
