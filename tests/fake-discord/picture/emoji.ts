const eye = (x: number) => `<ellipse cx="${x}" cy="16" rx="7" ry="10" fill="#fff"/><circle cx="${x - 1.5}" cy="18" r="4" fill="#23272a"/>`;
const onDisc = (fill: string, path: string) =>
  `<circle cx="16" cy="16" r="14" fill="${fill}"/><path d="${path}" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round"/>`;

/** Drawn here, because no shipped font has them. */
const drawings: Record<string, string> = {
  "👀": eye(8) + eye(24),
  "✅": `<rect x="2" y="2" width="28" height="28" rx="6" fill="#3ba55c"/><path d="M9 17l5 5 10-12" stroke="#fff" stroke-width="4" fill="none" stroke-linecap="round"/>`,
  "❌": `<path d="M7 7l18 18M25 7L7 25" stroke="#ed4245" stroke-width="6" stroke-linecap="round"/>`,
  "⏳": onDisc("#faa61a", "M16 8v8l5 4"),
  "⚠️": `<path d="M16 3l14 26H2z" fill="#faa61a"/><path d="M16 12v8M16 24v1" stroke="#23272a" stroke-width="3" stroke-linecap="round"/>`,
};

/** An emoji as a data address; a grey square for one that nobody drew. */
export function drawEmoji(emoji: string): string {
  const drawing = drawings[emoji] ?? `<rect x="3" y="3" width="26" height="26" rx="6" fill="#6d6f78"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="32" height="32">${drawing}</svg>`;
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
}
