#!/bin/sh
# Stands in for Python with venv and pip: lays out what requirements.lock names, or fails as they do.
case "$1 $2" in
  "-c "*) echo "${FAKE_PYTHON_VERSION:-3.11.7}"; exit 0 ;;
  "-m venv")
    if [ "$FAKE_PYTHON" = no-venv ]; then echo "The virtual environment was not created successfully because ensurepip is not available." >&2; exit 1; fi
    mkdir -p "$3/bin" "$3/lib/python3.11/site-packages"
    cp "$0" "$3/bin/python"
    exit 0 ;;
  "-m pip")
    [ "$3" = --version ] && { echo "pip 24"; exit 0; }
    echo "$*" >> pip-calls.txt
    if [ "$FAKE_PYTHON" = no-network ]; then echo "WARNING: Retrying after connection broken by 'NewConnectionError: Temporary failure in name resolution'" >&2; exit 1; fi
    if [ "$FAKE_PYTHON" = no-build ]; then echo "ERROR: No matching distribution found for torch==2.13.0" >&2; exit 1; fi
    site="$(dirname "$0")/../lib/python3.11/site-packages"
    # What has no wheel is installed by setup.py where pip is as old as Debian's, unless it is told not to.
    source=
    case "$*" in *--use-pep517*) ;; *) source=rouge_score ;; esac
    for line in $(cat gpu-scripts/requirements.lock); do
      case "$FAKE_PYTHON-$line" in half-trl*) continue ;; esac
      case "$source-$line" in rouge_score-rouge_score*) mkdir -p "$site/$(echo "$line" | sed 's/==/-/')-py3.11.egg-info"; continue ;; esac
      folder="$site/$(echo "$line" | sed 's/==/-/').dist-info"
      echo "Collecting $line"
      mkdir -p "$folder"
      touch "$folder/RECORD"
    done
    exit 0 ;;
esac
exit 1
