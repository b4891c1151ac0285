const form = /^(?:(?<days>\d+)-(?<dayHours>\d+)(?::(?<dayMinutes>\d+))?(?::(?<daySeconds>\d+))?|(?<parts>\d+(?::\d+){0,2}))$/;

/** Whether a text is a time limit as sbatch reads it. */
export function isSlurmTime(text: string): boolean {
  return form.test(text);
}

/**
 * Seconds of an sbatch time limit: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`,
 * `days-hours:minutes` or `days-hours:minutes:seconds`. @throws RangeError for anything else.
 */
export function slurmSeconds(text: string): number {
  const groups = form.exec(text)?.groups;
  if (groups === undefined) throw new RangeError(`"${text}" is no time limit of Slurm.`);
  const number = (name: string) => Number(groups[name] ?? 0);
  if (groups["parts"] === undefined) {
    return ((number("days") * 24 + number("dayHours")) * 60 + number("dayMinutes")) * 60 + number("daySeconds");
  }
  const [first = 0, second = 0, third] = groups["parts"].split(":").map(Number);
  return third === undefined ? first * 60 + second : (first * 60 + second) * 60 + third;
}
