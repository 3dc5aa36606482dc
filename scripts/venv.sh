#!/usr/bin/env bash
# Makes .venv with the pinned packages of a requirements file; does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."
wanted=${1:-requirements.txt}
UV=0.13.9
sum=$(cat requirements.txt requirements-embedding.txt "$wanted" | sha256sum)
stamp=.venv/.installed-${sum:0:16}-$wanted
[ -e "$stamp" ] && exit 0

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }
if [ ! -x .venv/bin/python ]; then
  for candidate in "${PYTHON:-}" python3.11 python3.12 python3.13 python3 python; do
    if [ -n "$candidate" ] && fits "$candidate"; then python=$candidate; break; fi
  done
  [ -n "${python:-}" ] || { echo "需要 Python 3.11–3.13（例如 apt-get install python3 python3-venv）" >&2; exit 1; }
fi
echo "安装 $wanted……" >&2
if command -v uv >/dev/null; then
  [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv
  uv pip install -q --compile-bytecode --python .venv/bin/python -r "$wanted"
else
  [ -x .venv/bin/python ] || "$python" -m venv .venv || {
    echo "建不了虚拟环境：请先安装 python3-venv（apt-get install python3-venv）" >&2; rm -rf .venv; exit 1; }
  pip="$PWD/.venv/bin/python -m pip install -q --disable-pip-version-check"
  # uv installs four times as fast as pip; where no uv can be had, pip does it
  if $pip "uv==$UV" 2>/dev/null; then .venv/bin/uv pip install -q --compile-bytecode --python .venv/bin/python -r "$wanted"
  else $pip -r "$wanted"; fi
fi
touch "$stamp"
