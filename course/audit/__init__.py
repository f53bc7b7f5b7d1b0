"""How good the tests are: what they accept and reject.

`mutants` makes the author's solutions slightly wrong, `judge` grades answers, `fuzz` compares them
with the solution on many inputs (`inputs/` says on which), `leaks` looks for messages that give too
much away. `figures` puts it together for a lesson, `gate` says what falls short, `report` shows it.
"""

from joblib import cpu_count


def run(lessons, console, jobs=None, with_mutants=True, *, json=None, html=None, accept=False):
    """Audit lessons, print the figures, and say what falls short.

    Parameters
    ----------
    lessons : list of str
    console : rich.console.Console
    jobs : int, optional
        Answers graded at once; as many as there are cores, if left out.
    with_mutants : bool
        Try mutants, too.
    json, html : Path, optional
        Where to write the figures, and a page with pictures.
    accept : bool
        Make these figures those that later ones must not fall below, if nothing else is wrong.

    Returns
    -------
    int
        Exit status: 0 if nothing falls short, else 1.
    """
    from course.audit import gate, report
    from course.audit.figures import audit, overall

    figures = []
    for lesson in lessons:
        found = audit(lesson, jobs=jobs or cpu_count(), with_mutants=with_mutants)
        figures += found
        console.print(report.table(found))
        for each in found:
            for survivor in each.survivors:
                console.print(f"{each.exercise}: a mutant survives ({survivor.operator})")
                console.print(survivor.diff, markup=False)
                told = f"It differs: {survivor.differs}"
                if not survivor.differs:
                    told = "No input was found where it differs: is it an `equivalent` one?"
                console.print(told, markup=False)
    refused = accept and gate.shortfalls(figures)
    if accept and not refused:
        gate.write_baseline(figures)
    shortfalls = gate.shortfalls(figures, gate.read_baseline())
    if json:
        report.write_json(json, figures, shortfalls)
    if html:
        report.write_page(html, figures, shortfalls)
    console.print()
    for name, words in report.WORDS.items():
        share = overall(figures, name)
        if share.of:
            console.print(
                f"{words}: {share}, {100 * share.ratio:.1f} % "
                f"(95 % interval {report.interval(share)})"
            )
    for sentence in shortfalls:
        console.print(sentence, style="red", markup=False)
    if refused:
        console.print("These figures were not accepted.", style="red")
    return 1 if shortfalls else 0
