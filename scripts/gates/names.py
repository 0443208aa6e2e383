"""Generic code names no resource: what is said of one stands in its table, or in the desk's table of duties (src/desk/duty.c).
Everything of src/model is generic but what describes an area or is of one by its nature; of the desk and of the pages it is
what serves any list and any record."""

import re
from . import csource

RESOURCE = re.compile(r"^const struct resource (\w+)_resource = \{(.*?)^\};", re.M | re.S)
WORD = re.compile(r'\.(?:name|plural) = "(\w+)"')
OF_AN_AREA = {
    "admit.c", "cover.c", "held.c", "rights.c", "scope.c",  # who may do and give what: users, roles, teams
    "alike.c", "config.c", "check.c", "intake_guess.c",  # customers, the switch's rows, templates' words, people's words
}
GENERIC = re.compile(
    r"src/model/\w+\.[ch]|src/desk/(?:bin|bulk|bulk_run|collection|edit|export|selection|import_\w+)\.[ch]"
    r"|web/src/(?:fields|imports|list|record|views)/\w+\.tsx?")
# Words that are something else there, or the collection that the feature itself keeps.
ALSO = {
    "src/model/meta.c": "import",  # a right
    "src/model/reveal.c": "reason",  # a member of the body
    "src/model/trail.c": "audit",  # the table that it writes
    "src/desk/import_batch.c": "import reasons",
    "src/desk/import_routes.c": "import",
    "src/desk/import_run.c": "import",
    "web/src/imports/CheckStep.tsx": "import",
    "web/src/imports/MapStep.tsx": "import",
    "web/src/list/Filters.tsx": "view",
    "web/src/list/ResourceList.tsx": "import imports",
    "web/src/record/Conflict.tsx": "audit",
    "web/src/record/History.tsx": "audit",
    "web/src/record/RecordForm.tsx": "audit",
    "web/src/record/special.ts": "roles",  # the table of what is drawn by hand
    "web/src/views/ViewDialog.tsx": "team teams views",
    "web/src/views/ViewMenu.tsx": "view views",
    "web/src/views/ViewStart.tsx": "view",
    "web/src/views/query.ts": "view",
    "web/src/views/useViews.ts": "team view",
}
LITERAL = {True: re.compile(r"""(")(\w+)(?:\.\w+)?\1"""), False: re.compile(r"""(["'`])(\w+)\1""")}  # in C a right too, "queue.update"
SYMBOL = re.compile(r"&(\w+)_resource\b")


def _described(tree):
    """The words for resources, and the files that describe them."""
    words, files = set(), set()
    for name in tree.select("src/model/", ext=(".c",)):
        for resource in RESOURCE.finditer(tree.text(name)):
            words.update((resource.group(1), *WORD.findall(resource.group(2))))
            files.add(name)
    return words, files


def check(tree):
    words, files = _described(tree)
    for name in tree.select("src/model/", "src/desk/", "web/src/", ext=(".c", ".h", ".ts", ".tsx")):
        if not GENERIC.fullmatch(name) or name in files or name.rsplit("/", 1)[1] in OF_AN_AREA or ".test." in name:
            continue
        also = set(ALSO.get(name, "").split())
        met, in_c = set(), not name.startswith("web/")
        for line, text in enumerate(csource.without_comments(tree.text(name)).splitlines(), 1):
            for found in (*(match.group(2) for match in LITERAL[in_c].finditer(text)), *SYMBOL.findall(text)):
                met.add(found)
                if found in words - also:
                    yield name, line, f'generic code names "{found}": say it in the descriptor or in src/desk/duty.c'
        if also - met:
            yield name, 1, f"scripts/gates/names.py lets it say {' '.join(sorted(also - met))}, which it does not"
