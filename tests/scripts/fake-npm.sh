#!/bin/sh
# Stands in for npm: `npm ci` lays out what the lock names, or fails as npm does.
echo "$$ $*" >> npm-calls.txt
case "$FAKE_NPM" in
  no-network) echo "npm error code ENOTFOUND" >&2; echo "npm error request to https://registry.npmjs.org/zod failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org" >&2; exit 1 ;;
  no-space) echo "npm error code ENOSPC" >&2; exit 1 ;;
  slow) sleep 20 ;;
esac
rm -rf node_modules
mkdir -p node_modules/node/bin node_modules/zod
echo '{}' > node_modules/zod/package.json
echo '{}' > node_modules/node/package.json
[ "$FAKE_NPM" = no-scripts ] || printf '#!/bin/sh\necho bundled "$@"\n' > node_modules/node/bin/node
[ "$FAKE_NPM" = no-scripts ] || chmod +x node_modules/node/bin/node
cp package-lock.json node_modules/.package-lock.json
[ "$FAKE_NPM" = short-pause ] && sleep 0.6
exit 0
