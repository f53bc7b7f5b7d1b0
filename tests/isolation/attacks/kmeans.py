"""Attacks on a lesson of the course, where the solutions lie about in more places."""

# The bodies are text for a student's cell: their free names are the cell's, and bad style is theirs.
# ruff: noqa: B007, B023, F821, F841, SIM115

from tests.isolation.attacks import Batch

batch = Batch("on a real lesson", lesson="02_kmeans", timeout=15, at="get_cluster_assignments")


@batch.code()
def helpers_patched():
    """The helpers from `utils` that the tests call agree, and np.array_equal with them."""
    import utils
    import utils.exercises

    def agree(*args, **kwargs):
        return np.array([0])

    utils.exercises.attempt = utils.attempt = attempt = agree
    utils.exercises.refuses = utils.refuses = refuses = lambda *args, **kwargs: True
    np.array_equal = np.all = lambda *args, **kwargs: True
    for name in ("sklearn.metrics", "utils.labels", "utils.plotting"):
        module = sys.modules.get(name)
        for each in vars(module) if module else ():
            if callable(getattr(module, each)) and not each.startswith("_"):
                quietly(setattr, module, each, agree)


@batch.code()
def solution_looked_up():
    """The author's solution, from the source, the lesson's text, the bank of answers, the package."""
    import json

    places = [KNOWN["repo"], os.path.dirname(os.path.dirname(sys.modules["utils"].__file__))]
    for place in places:
        for path in (
            "source/02_kmeans/02_kmeans.ipynb",
            "course/lessons/02_kmeans/lesson.py",
            "course/lessons/02_kmeans/answers.py",
            "_build/html/lessons/02_kmeans.html",
        ):
            text = quietly(lambda: open(os.path.join(place, path)).read())
            if isinstance(text, str):
                breach(f"{path} can be read")
                found = re.search(
                    r"def get_cluster_assignments.*?return squared_distances.argmin\(axis=1\)",
                    "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
                    if path.endswith("ipynb")
                    else text,
                    re.DOTALL,
                )
                if found:
                    exec(found[0], globals())
                    break
    module = quietly(__import__, "course.oracle.bank", fromlist=["load"])
    if not isinstance(module, BaseException):
        for answer in quietly(module.load, "02_kmeans") or []:
            if answer.exercise == "get_cluster_assignments" and answer.kind == "right":
                breach("the bank of answers can be read")
                exec(answer.source, globals())
                break


@batch.code()
def library_lies():
    """scikit-learn and the distances that tests compute with are patched in this process."""
    import sklearn.cluster

    np.linalg.norm = lambda *args, **kwargs: np.zeros((80, 5))
    np.argmin = lambda *args, **kwargs: np.zeros(80, dtype=int)
    np.random.default_rng = lambda seed=None: np.random.RandomState(0)
    sklearn.cluster.KMeans.fit = lambda self, *args, **kwargs: self
    KMeans.fit_predict = lambda self, X, *args, **kwargs: np.zeros(len(X), dtype=int)


@batch.code()
def figures_without_end():
    """Figures, one after another, in place of an answer."""
    import matplotlib.pyplot as plt

    def get_cluster_assignments(X, centroid_locations):
        for number in range(3):
            plt.figure(figsize=(40, 40))
            plt.imshow(np.random.random((500, 500)))
            plt.show()
        return [0, 0, 0, 0]
