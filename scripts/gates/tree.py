"""The files a gate reads: what git tracks or would track, or every file of a plain folder."""

import pathlib
import subprocess

SKIPPED = ("build", "node_modules", "dist", ".git", "data")


class Tree:
    def __init__(self, root):
        self.root = pathlib.Path(root).resolve()
        self.files = sorted(self._from_git() or self._from_folder())
        self._texts = {}

    def _from_git(self):
        command = ["git", "-C", str(self.root), "ls-files", "-co", "--exclude-standard", "-z"]
        if not (self.root / ".git").exists():
            return []
        names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
        return [name for name in names if name and (self.root / name).is_file()]

    def _from_folder(self):
        paths = (path.relative_to(self.root) for path in self.root.rglob("*") if path.is_file())
        return [str(path) for path in paths if not any(part.startswith(SKIPPED) for part in path.parts[:-1])]

    def select(self, *folders, ext):
        """Files under any of the folders (all files when none is named) whose name ends in one of `ext`."""
        return [name for name in self.files if name.endswith(ext) and (not folders or name.startswith(folders))]

    def text(self, name):
        if name not in self._texts:
            self._texts[name] = (self.root / name).read_text(encoding="utf-8", errors="replace")
        return self._texts[name]

    def lines(self, name):
        return enumerate(self.text(name).splitlines(), 1)
