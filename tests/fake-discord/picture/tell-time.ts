const units = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** What Discord's client makes of `<t:UNIX:STYLE>`, in UTC. */
export function tellTime(unixSeconds: number, style: string, now: Date): string {
  const iso = new Date(unixSeconds * 1000).toISOString();
  if (style === "t") return iso.slice(11, 16);
  if (style === "T") return iso.slice(11, 19);
  if (style === "d" || style === "D") return iso.slice(0, 10);
  if (style !== "R") return `${iso.slice(0, 10)} ${iso.slice(11, 16)}`;
  const away = unixSeconds - now.getTime() / 1000;
  const [unit, size] = units.find(([, seconds]) => Math.abs(away) >= seconds) ?? ["second", 1];
  return new Intl.RelativeTimeFormat("en", { numeric: "always" }).format(Math.round(away / size), unit);
}
