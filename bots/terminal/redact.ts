const secretName = /(KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;
const shortestSecret = 8;

const patterns: readonly [RegExp, string][] = [
  [/\b(sk|hf|ghp|gho|xox[abp]|glpat)[-_][A-Za-z0-9_-]{12,}/g, "$1-***"],
  [/\b(Bearer|Bot)\s+[A-Za-z0-9._~+/=-]{12,}/g, "$1 ***"],
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]+):[^\s@/]+@/gi, "$1:***@"],
];

/**
 * A function that blanks secrets out of text before it is shown: values of environment variables that are named like
 * secrets, tokens by their known forms, and passwords in addresses.
 */
export function createRedactor(env: Readonly<Record<string, string | undefined>>): (text: string) => string {
  const values = Object.entries(env)
    .flatMap(([name, value]) => (secretName.test(name) && value !== undefined && value.length >= shortestSecret ? [value] : []))
    .toSorted((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, "***");
    for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement);
    return clean;
  };
}
