"""Answers that are worth nothing: no test cell may give a point for one of them.

Some are the same whatever they are asked. Others know the right answer, refuse what it refuses, and
give away its shape alone. The last knows by heart what the visible tests ask, and nothing else.
"""

from course.notebooks.cells import HIDDEN
from course.oracle.bank import Answer

# For functions and quizzes: what comes of it, whatever was asked.
FIXED = {
    "nothing": "None",
    "an empty array": "np.empty(0)",
    "an empty table": "np.empty((0, 2))",
    "a huge number": "1e308",
}
# For functions: what they were given.
OWN_INPUT = {"its own input": "given[0] if given else None"}
# For functions: what becomes of each array of the right result.
SPOILT = {
    "nan of the right shape": "np.full(right.shape, np.nan)",
    "zeros of the right shape": "np.zeros(right.shape)",
    "objects of the right shape": "np.full(right.shape, None)",
    "complex numbers of the right shape": "np.full(right.shape, 1j)",
    "texts of the right shape": 'np.full(right.shape, "")',
    "an array that is another one each time": "Liar(right)",
}
BY_HEART = "what the visible tests ask, by heart"
SPOIL = """

class Liar:
    def __init__(self, right):
        self.shape, self.ndim, self.size, self.asked = right.shape, right.ndim, right.size, 0

    def __len__(self):
        return self.shape[0]

    def __array__(self, dtype=None, copy=None):
        import numpy as np

        self.asked += 1
        return np.zeros(self.shape if self.asked == 1 else 0)


def spoiling(answer):
    import functools
    import pickle

    import numpy as np

    known, learning = set(), False

    def spoil(right):
        if isinstance(right, tuple):
            return tuple(map(spoil, right))
        try:
            right = np.asarray(right)
        except ValueError:
            right = np.empty(len(right), dtype=object)
        return {spoilt}

    def about(asked):
        try:
            return pickle.dumps(asked)
        except Exception:
            return None

    @functools.wraps(answer)
    def garbage(*given, **named):
        question = about((given, named))
        right = answer(*given, **named)
        if learning and question:
            known.add(question)
        return right if question in known else spoil(right)

    def learn(now):
        nonlocal learning
        learning = now and {by_heart}

    garbage.learn = learn
    return garbage


{name} = spoiling({name})
"""


def garbage(solution: Answer, is_function: bool) -> list[Answer]:
    """All garbage for an exercise.

    Parameters
    ----------
    solution : Answer
        The author's.
    is_function : bool
        Whether the exercise asks for a function; else for a variable.
    """
    name = solution.exercise
    if not is_function:
        texts = {kind: f"import numpy as np\n\n{name} = {value}" for kind, value in FIXED.items()}
    else:
        texts = {
            kind: f"def {name}(*given, **named):\n    import numpy as np\n\n    return {value}"
            for kind, value in {**FIXED, **OWN_INPUT}.items()
        }
        for kind, spoilt in {**SPOILT, BY_HEART: SPOILT["zeros of the right shape"]}.items():
            texts[kind] = solution.source + SPOIL.format(
                name=name, spoilt=spoilt, by_heart=kind == BY_HEART
            )
    return [Answer(name, "garbage", kind, text) for kind, text in texts.items()]


def taught(exercise: str, test: str) -> str:
    """A test cell whose visible part may be learned by heart, and whose hidden tests may not."""
    learn = f'getattr({exercise}, "learn", bool)'
    return f"{learn}(True)\n{test}".replace(HIDDEN[0], f"{learn}(False)\n{HIDDEN[0]}")
