import { platform } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder that holds the `temper_gpu` package. */
export const packageDirectory = fileURLToPath(new URL("../../../gpu-scripts", import.meta.url));

/** What a job may take over from this process's environment. Nothing of it is a secret. */
const kept = ["LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"];
/** Only for fetching from a model hub: a token for gated models, and the way there. */
const network = [
  "HF_TOKEN",
  "HF_ENDPOINT",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
];

/** What the environment of a job depends on. */
export interface JobEnvironmentInput {
  home: string;
  python: string;
  /** Real CUDA devices of the job; empty for CPU jobs, which see no GPU. */
  cuda: readonly number[];
  /** Cores that the job may use; empty for all. */
  cpus?: readonly number[];
  /** True for the one job that may reach a model hub. */
  network: boolean;
  /** Folder of scripts that stand in for the real ones, in tests. */
  fixtureScripts: string | undefined;
  /** The environment of this process. */
  own: NodeJS.ProcessEnv;
}

/** The explicit list that a job's processes get as environment; the runner adds HOME and TMPDIR inside the attempt. */
export function jobEnvironment({
  home,
  python,
  cuda,
  cpus = [],
  network: online,
  fixtureScripts,
  own,
}: JobEnvironmentInput): Record<string, string> {
  const taken = [...kept, ...(online ? network : [])].flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]));
  return {
    ...Object.fromEntries(taken),
    ...(cpus.length === 0 ? {} : { TEMPER_CPUS: cpus.join(",") }),
    PATH: [dirname(python), own["PATH"] ?? "/usr/bin:/bin"].join(":"),
    PYTHONPATH: packageDirectory,
    PYTHONHASHSEED: "0",
    OMP_NUM_THREADS: "1",
    OPENBLAS_NUM_THREADS: "1",
    OMP_WAIT_POLICY: "PASSIVE",
    HF_HOME: join(home, "cache", "huggingface"),
    HF_HUB_OFFLINE: online ? "0" : "1",
    TRANSFORMERS_OFFLINE: online ? "0" : "1",
    CUDA_VISIBLE_DEVICES: cuda.join(","),
    ...(online ? { TEMPER_NETWORK: "1" } : {}),
    ...(fixtureScripts === undefined ? {} : { TEMPER_FIXTURE_SCRIPTS: fixtureScripts }),
    // macOS ends a fork of a process that loaded its frameworks, unless told not to.
    ...(platform() === "darwin" ? { OBJC_DISABLE_INITIALIZE_FORK_SAFETY: "YES" } : {}),
  };
}
