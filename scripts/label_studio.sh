#!/usr/bin/env bash
# A local Label Studio server for who has none: SQLite, this machine only (127.0.0.1), a Python environment of its own.
#
#   scripts/label_studio.sh [start]   install on first use, start in the background, wait until it answers
#   scripts/label_studio.sh stop      stop it; the data stay
#   scripts/label_studio.sh status    exit code 0 if it runs, 1 if not
#
# ZHIBIAO_LABEL_STUDIO          environment to install into or to use  (build/label-studio)
# ZHIBIAO_LABEL_STUDIO_DATA     database, uploads, log, token          (~/.local/share/zhibiao/label-studio)
# ZHIBIAO_LABEL_STUDIO_PORT     port                                   (8080)
# ZHIBIAO_LABEL_STUDIO_VERSION  version to install                     (1.23.2)
#
# The first start makes a user with a random password and a random (legacy) token, in files that only you can read. Others
# need an invitation: Organization > Invite Members.
set -euo pipefail
umask 077

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
venv="${ZHIBIAO_LABEL_STUDIO:-$root/build/label-studio}"
data="${ZHIBIAO_LABEL_STUDIO_DATA:-${XDG_DATA_HOME:-$HOME/.local/share}/zhibiao/label-studio}"
port="${ZHIBIAO_LABEL_STUDIO_PORT:-8080}"
version="${ZHIBIAO_LABEL_STUDIO_VERSION:-1.23.2}"
url="http://127.0.0.1:$port"
user="zhibiao@example.com"
pid_file="$data/server.pid"
wait_s=600

fail() {
  echo "error: $*" >&2
  exit 1
}

# The process of the pid file, if it is still ours: it may have ended, its number may be another program's by now.
running() {
  local pid process
  pid="$(cat "$pid_file" 2>/dev/null)" && [ -n "$pid" ] || return 1
  process="$(ps -p "$pid" -o stat=,args=)" || return 1
  [[ "$process" != Z* && "$process" == *label[-_]studio* ]]
}

answers() {
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || return 1
  "$venv/bin/python" - "$url" <<'PYTHON' 2>/dev/null
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.exit(0 if opener.open(sys.argv[1] + "/api/version", timeout=5).status == 200 else 1)
PYTHON
}

random_characters() {
  "$venv/bin/python" -c 'import secrets; print(secrets.token_hex(20))'
}

install() {
  [ -x "$venv/bin/label-studio" ] && return
  local python
  python="$(command -v python3.11 || command -v python3)" || fail "Python 3.10 or later is needed"
  echo "installing Label Studio $version into $venv (about 1 GB, a few minutes)" >&2
  "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet "label-studio==$version" ||
    fail "pip could not install label-studio==$version; see above"
}

start() {
  install
  mkdir -p "$data"
  if running; then
    answers || fail "process $(cat "$pid_file") runs but $url does not answer; see $data/server.log, or stop it first"
    report "runs already"
    return
  fi
  "$venv/bin/python" -c 'import socket, sys; s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1", int(sys.argv[1])))' \
    "$port" 2>/dev/null || fail "port $port is taken; set ZHIBIAO_LABEL_STUDIO_PORT to a free one"
  [ -s "$data/token" ] || random_characters >"$data/token"
  [ -s "$data/password" ] || random_characters >"$data/password"
  # Label Studio applies user and token when its database is made, which is why they are kept from the first start on.
  LABEL_STUDIO_BASE_DATA_DIR="$data" LABEL_STUDIO_USERNAME="$user" LABEL_STUDIO_PASSWORD="$(cat "$data/password")" \
    LABEL_STUDIO_USER_TOKEN="$(cat "$data/token")" LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN=true \
    LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK=true LATEST_VERSION_CHECK=false COLLECT_ANALYTICS=false SENTRY_DSN= FRONTEND_SENTRY_DSN= \
    nohup "$venv/bin/label-studio" start --no-browser --internal-host 127.0.0.1 --port "$port" \
    >>"$data/server.log" 2>&1 </dev/null &
  echo $! >"$pid_file"
  local waited
  for ((waited = 0; waited < wait_s; waited++)); do
    if answers; then
      report "started"
      return
    fi
    running || fail "Label Studio ended while starting; the end of $data/server.log:"$'\n'"$(tail -n 20 "$data/server.log")"
    sleep 1
  done
  fail "Label Studio does not answer at $url after $wait_s s; see $data/server.log"
}

report() {
  cat <<TEXT
Label Studio $1: $url
  user      $user, password in $data/password
  token     $data/token
  data      $data
Next:
  zhibiao annotate init --url $url --token-file $data/token --title zhibiao
TEXT
}

stop() {
  running || {
    rm -f "$pid_file"
    echo "Label Studio is not running"
    return
  }
  local pid waited
  pid="$(cat "$pid_file")"
  kill "$pid"
  for ((waited = 0; waited < 100; waited++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  if kill -0 "$pid" 2>/dev/null; then
    kill -KILL "$pid"
  fi
  rm -f "$pid_file"
  echo "Label Studio stopped; the data stay in $data"
}

case "${1:-start}" in
  start) start ;;
  stop) stop ;;
  status)
    if running && answers; then
      report "runs"
    else
      echo "Label Studio is not running"
      exit 1
    fi
    ;;
  *) fail "unknown command '$1'; use start, stop or status" ;;
esac
