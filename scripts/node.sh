# Sourced: puts a Node of at least 20.19 on PATH, and defines quiet.

# Runs a command; its output is shown only when it fails.
quiet() {
	mkdir -p build
	if ! "$@" >build/quiet.log 2>&1; then
		tail -n 60 build/quiet.log >&2
		echo "failed: $*" >&2
		exit 1
	fi
}

node_fits() {
	command -v node >/dev/null && command -v npm >/dev/null &&
		node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)'
}

PATH="$PWD/build/node/node_modules/.bin:$PATH"
if ! node_fits; then
	command -v npm >/dev/null || scripts/bootstrap nodejs npm
	quiet npm install --prefix build/node --no-audit --no-fund --no-save node@22 npm@10
	node_fits || { echo "no Node of at least 20.19 could be installed" >&2; exit 1; }
fi
