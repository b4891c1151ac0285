#!/usr/bin/env bash
# A one-node Ray on loopback with fake GPUs, for tests; again after it died, with the same ports.
# usage: ray-up.sh DIRECTORY    prints the dashboard's address. Keep DIRECTORY short: Ray puts sockets into it.
# RAY_VENV: an environment with Ray; made below the project's .cache when it is not there (a minute, 0.4 GB).
# CPUS and FAKE_GPUS: what the node shall seem to have. exit 4: cannot be had on this machine.
set -euo pipefail
directory=$1
here=$(cd "$(dirname "$0")" && pwd)
venv=${RAY_VENV:-$here/../../.cache/engines/ray}
say() { echo "ray-up: $*" >&2; }

if ! [ -x "$venv/bin/ray" ]; then
  say "installing Ray into $venv"
  mkdir -p "$venv"
  exec 8>"$venv.lock"
  flock 8
  python=${TEMPER_PYTHON:-$here/../../.venv/bin/python}
  if ! [ -x "$venv/bin/ray" ]; then
    "$python" -m venv "$venv" && "$venv/bin/python" -m pip install --quiet -r "$here/ray-requirements.txt" >&2 || { rm -rf "$venv"; say "cannot be installed"; exit 4; }
  fi
  exec 8>&-
fi

mkdir -p "$directory"
exec 9>"$directory/up.lock"
flock 9
[ -s "$directory/ports" ] || python3 - >"$directory/ports" <<'PY'
import random, socket
taken = [socket.socket() for _ in range(4)]
for each in taken:
    each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in taken), random.randrange(10000, 29000, 500))
PY
read -r gcs client dashboard agent workers <"$directory/ports"
address=http://127.0.0.1:$dashboard
answers() { curl -sf --max-time 5 "$address/api/jobs/" >/dev/null && curl -sf --max-time 5 "$address/api/v0/nodes" | grep -q ALIVE; }
start() {
  # TEMPER_ENGINE marks every process of it, so that ray-down.sh finds them and no others.
  env -i PATH="$venv/bin:$PATH" HOME="$directory" LANG=C.UTF-8 TEMPER_ENGINE="$directory" RAY_DISABLE_DOCKER_CPU_WARNING=1 \
    "$venv/bin/ray" start --head --node-ip-address 127.0.0.1 --port "$gcs" --ray-client-server-port "$client" \
    --num-cpus "${CPUS:-2}" --num-gpus "${FAKE_GPUS:-2}" --include-dashboard=true --dashboard-host 127.0.0.1 --dashboard-port "$dashboard" \
    --dashboard-agent-listen-port "$agent" --min-worker-port "$workers" --max-worker-port $((workers + 499)) \
    --object-store-memory 100000000 --temp-dir "$directory/t" --disable-usage-stats >"$directory/start.log" 2>&1 9>&-
}
if ! answers; then
  # Ray gives its own start 30 s, which a busy machine does not always keep.
  for try in 1 2 3 4; do
    start && break
    say "try $try failed"
    "$here/end-marked.sh" "$directory" 9>&-
  done
fi
deadline=$((SECONDS + ${UP_TIMEOUT_SECONDS:-180}))
while [ $SECONDS -lt $deadline ]; do
  answers && { echo "$address"; exit 0; }
  sleep .2
done
say "not up"
tail -20 "$directory/start.log" >&2
exit 1
