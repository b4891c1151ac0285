#!/usr/bin/env bash
# A one-node Slurm on loopback with fake GPUs (devices that are /dev/null), for tests. Run it again after a daemon died:
# it starts what is missing. Needs root and, the first time, apt; writes nothing below /etc by itself.
# usage: slurm-up.sh DIRECTORY    then: export SLURM_CONF=DIRECTORY/etc/slurm.conf
# CPUS and FAKE_GPUS: what the node shall seem to have. exit 4: cannot be had on this machine.
set -euo pipefail
directory=$1
# Daemons are installed in sbin, which an ordinary user's PATH lacks.
export PATH=$PATH:/usr/sbin:/sbin
gpus=${FAKE_GPUS:-2} cpus=${CPUS:-$(nproc)}

say() { echo "slurm-up: $*" >&2; }
is_installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null || true)" = installed ]; }
# Whether the daemon of a pid file lives: the number alone may be another process's by now, or a zombie's.
is_up() {
  local pid
  pid=$(cat "$directory/run/$1.pid" 2>/dev/null) && [ -n "$pid" ] && grep -q "^$pid ($1) [^ZX]" "/proc/$pid/stat" 2>/dev/null
}

missing=()
for package in slurmctld slurmd slurm-client munge; do is_installed "$package" || missing+=("$package"); done
if [ ${#missing[@]} -gt 0 ]; then
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { say "needs root and apt to install ${missing[*]}"; exit 4; }
  say "installing ${missing[*]}"
  # Packages would start their daemons with the machine's own configuration.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' >$policy
    chmod 755 $policy
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
fi
[ "$(id -u)" = 0 ] || { say "its daemons need root"; exit 4; }

mkdir -p "$directory"/{etc,state,spool,munge,log,run}
chmod 711 "$directory"
chmod 700 "$directory/munge"
exec 9>"$directory/run/up.lock"
flock 9
for n in $(seq 0 $((gpus - 1))); do [ -c "$directory/fakegpu$n" ] || mknod "$directory/fakegpu$n" c 1 3; done
[ -s "$directory/munge/munge.key" ] || (umask 077 && head -c 128 /dev/urandom >"$directory/munge/munge.key")
# Ports are chosen once, so that a daemon that is started again is found by the others.
[ -s "$directory/etc/ports" ] || python3 - >"$directory/etc/ports" <<'PY'
import socket
taken = [socket.socket() for _ in range(2)]
for each in taken:
    each.bind(("127.0.0.1", 0))
print(*(each.getsockname()[1] for each in taken))
PY
read -r controller_port node_port <"$directory/etc/ports"
memory=$(($(awk '/MemTotal/{print $2}' /proc/meminfo) / 1024 * 8 / 10))
cat >"$directory/etc/slurm.conf" <<CONF
ClusterName=temper-test
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort=$controller_port
SlurmdPort=$node_port
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$directory/run/munge.sock
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1,sched_min_interval=0
SlurmdParameters=config_overrides
PreemptType=preempt/partition_prio
PreemptMode=CANCEL
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
GresTypes=gpu
MinJobAge=3600
KillWait=5
SlurmdTimeout=${SLURMD_TIMEOUT:-30}
InactiveLimit=0
JobRequeue=0
StateSaveLocation=$directory/state
SlurmdSpoolDir=$directory/spool
SlurmctldPidFile=$directory/run/slurmctld.pid
SlurmdPidFile=$directory/run/slurmd.pid
SlurmctldLogFile=$directory/log/slurmctld.log
SlurmdLogFile=$directory/log/slurmd.log
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
MailProg=/bin/true
NodeName=localhost NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=$memory Gres=gpu:$gpus State=UNKNOWN
PartitionName=gpu Nodes=localhost Default=YES MaxTime=INFINITE State=UP
PartitionName=short Nodes=localhost Default=NO MaxTime=1 State=UP
PartitionName=urgent Nodes=localhost Default=NO MaxTime=INFINITE PriorityTier=10 PreemptMode=OFF State=UP
CONF
printf 'NodeName=localhost Name=gpu File=%s/fakegpu[0-%d]\n' "$directory" $((gpus - 1)) >"$directory/etc/gres.conf"
export SLURM_CONF=$directory/etc/slurm.conf

# Daemons get an environment of their own: a job would inherit the rest of it. TEMPER_ENGINE is how slurm-down.sh knows them.
start() { env -i TEMPER_ENGINE="$directory" PATH="$PATH" LANG=C.UTF-8 HOME=/root SLURM_CONF="$SLURM_CONF" "$@" 9>&-; }
if ! is_up munged; then
  rm -f "$directory"/run/munge.*
  start munged --key-file="$directory/munge/munge.key" --socket="$directory/run/munge.sock" --pid-file="$directory/run/munged.pid" \
    --log-file="$directory/log/munged.log" --seed-file="$directory/munge/seed"
fi
for _ in $(seq 100); do munge -n -S "$directory/run/munge.sock" >/dev/null 2>&1 && break; sleep .1; done

deadline=$((SECONDS + ${UP_TIMEOUT_SECONDS:-60}))
state=
while [ $SECONDS -lt $deadline ]; do
  # Again and again: what a killed daemon leaves behind may hold its port for a moment.
  is_up slurmctld || start slurmctld || { sleep .5; continue; }
  is_up slurmd || start slurmd -N localhost || { sleep .5; continue; }
  state=$(timeout 5 sinfo --noheader --Node --format=%T --partition=gpu 2>/dev/null | head -1 || true)
  case $state in
    idle | mixed | allocated) say "up ($state)"; exit 0 ;;
    down* | drained* | draining*) timeout 5 scontrol update nodename=localhost state=resume 2>/dev/null || true ;;
  esac
  sleep .1
done
say "not up: '$state'"
tail -5 "$directory"/log/*.log >&2
exit 1
