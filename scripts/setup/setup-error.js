/** Something that set-up cannot do by itself. `message` says what happened, `remedy` what a person does about it. */
export class SetupError extends Error {
  constructor(message, remedy, output = "") {
    super(message);
    this.name = "SetupError";
    this.remedy = remedy;
    this.output = output;
  }
}

const causes = [
  {
    pattern: /ENOSPC|No space left on device/i,
    message: "the disk is full",
    remedy: "Free about 4 GB here and in the folder for temporary files (TMPDIR), then run the same command again.",
  },
  {
    pattern: /EACCES|EPERM|EROFS|Permission denied|Read-only file system/i,
    message: "this folder cannot be written",
    remedy: "Check who owns it (ls -ld .), or clone Temper where you may write, then run the same command again.",
  },
  {
    pattern:
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|name resolution|NewConnectionError|Max retries exceeded|network is unreachable|Connection refused|ProxyError/i,
    message: "the package index cannot be reached",
    remedy:
      "Check the network or proxy (HTTPS_PROXY), or name a mirror (npm config set registry URL; PIP_INDEX_URL=URL), then run the same command again: what is installed stays.",
  },
  {
    pattern: /CERTIFICATE_VERIFY_FAILED|self[- ]signed certificate|SELF_SIGNED_CERT/i,
    message: "the package index shows a certificate that this machine does not trust",
    remedy: "Point NODE_EXTRA_CA_CERTS and PIP_CERT at your organisation's certificate file, then run the same command again.",
  },
  {
    pattern: /ensurepip is not available|No module named '?(ensurepip|venv)/i,
    message: "this Python was installed without its venv module",
    remedy: "On Debian and Ubuntu: sudo apt install python3-venv. Or name another Python: TEMPER_PYTHON=/path/to/python3.11.",
  },
  {
    pattern: /No matching distribution found|Could not find a version/i,
    message: "the package index has no build of a locked package for this Python and machine",
    remedy: "Use Python 3.11 on Linux or macOS (TEMPER_PYTHON=/path/to/python3.11), or an index that has it (PIP_INDEX_URL=URL).",
  },
];

/** Turns the output of a failed npm, venv or pip into what happened and what to do. */
export function explainFailure(step, output) {
  const known = causes.find((cause) => cause.pattern.test(output));
  if (known !== undefined) return new SetupError(`${step}: ${known.message}.`, known.remedy, output);
  const last = output.trim().split("\n").slice(-3).join("\n  ");
  return new SetupError(
    `${step} failed:\n  ${last}`,
    "Run the same command again; if it fails the same way, the lines above say why.",
    output,
  );
}
