const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
const shortestSecret = 8;

const patterns: readonly [RegExp, string][] = [
  [/\b(sk|hf|ghp|gho|xox[abp]|glpat)[-_][A-Za-z0-9_-]{12,}/g, "$1-***"],
  [/\b(Bearer|Bot)\s+[A-Za-z0-9._~+/=-]{12,}/g, "$1 ***"],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, "$1:***@"],
];

/** The password in an address, as it stands there and decoded; none when it is no address with one. */
function passwordsIn(value: string): string[] {
  const url = URL.parse(value);
  if (url === null || url.password === "") return [];
  try {
    return [url.password, decodeURIComponent(url.password)];
  } catch {
    return [url.password];
  }
}

/**
 * A function that blanks secrets out of text before it is shown or written: values of environment variables that are
 * named like secrets, passwords of addresses in them, tokens by their known forms, and passwords in addresses.
 * @param more secrets that no variable is named for: a token that stood in a file, the key that a config names.
 */
export function createRedactor(
  env: Readonly<Record<string, string | undefined>>,
  more: readonly (string | undefined)[] = [],
): (text: string) => string {
  const named = Object.entries(env).flatMap(([name, value]) =>
    value === undefined ? [] : [...(secretName.test(name) ? [value] : []), ...passwordsIn(value)],
  );
  const values = [...named, ...more.filter((value) => value !== undefined)]
    .filter((value) => value.length >= shortestSecret)
    // As it stands, and as it stands inside of JSON.
    .flatMap((value) => [value, JSON.stringify(value).slice(1, -1)])
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, "***");
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  };
}
