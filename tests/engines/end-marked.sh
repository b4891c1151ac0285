#!/usr/bin/env bash
# Kills every process of an engine: those that have TEMPER_ENGINE=DIRECTORY in their environment or a file of DIRECTORY
# open, and no others; not its caller, which may hold a lock there. Jobs of Temper have neither, and go on.
# usage: end-marked.sh DIRECTORY
set -u
directory=$1
marked() {
  {
    grep -lzxF "TEMPER_ENGINE=$directory" /proc/[0-9]*/environ
    find /proc/[0-9]*/fd -lname "$directory/*"
  } 2>/dev/null | cut -d/ -f3 | sort -un | grep -vx -e $$ -e $PPID
}
for _ in $(seq 25); do
  pids=$(marked)
  [ -z "$pids" ] && exit 0
  kill -KILL $pids 2>/dev/null
  sleep .1
done
echo "end-marked: still there:" $(marked) >&2
exit 1
