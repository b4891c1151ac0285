#!/usr/bin/env bash
# Ends the Ray of ray-up.sh and what it runs, at once. usage: ray-down.sh DIRECTORY
exec "$(dirname "$0")/end-marked.sh" "$1"
