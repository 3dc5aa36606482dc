#!/usr/bin/env bash
# All gates but the tests: format, lint, types, contracts, architecture, templates, migrations.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
data=$(mktemp -d); trap 'rm -rf "$data"' EXIT
export DATA_DIR=$data
failed=0
gate() { # NAME COMMAND…
  local name=$1; shift
  if "$@" >"$data/log" 2>&1; then echo "ok    $name"; else echo "FAIL  $name"; cat "$data/log"; failed=1; fi
}
key() { $bin/python -c 'import base64, secrets; print(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())'; }

gate format $bin/ruff format --check .
gate lint $bin/ruff check .
gate types $bin/mypy .
gate contracts $bin/lint-imports --no-cache
gate architecture $bin/python -m pytest tests/architecture -q -p no:cacheprovider
gate templates-format $bin/djlint --check --quiet hotline/templates
gate templates-lint $bin/djlint --lint --quiet hotline/templates
gate migrations $bin/python manage.py makemigrations --check --dry-run
gate deployment env DEBUG=0 SECRET_KEY="$(key)$(key)" FIELD_KEYS="$(key)" $bin/python manage.py check --deploy --fail-level WARNING
exit $failed
