/** Something that was written or sent. */
export interface Place {
  /** `file log.txt`, `Discord POST /channels/…`. */
  name: string;
  text: string;
}

/** The forms in which a secret can stand somewhere: as it is, inside of JSON or an address, or as Base64 wherever it begins. */
function formsOf(secret: string): string[] {
  const encoded = [0, 1, 2].map((offset) => {
    const text = Buffer.from(`${"x".repeat(offset)}${secret}`).toString("base64");
    // What is left and right of it changes the characters at its ends.
    return text.slice(offset === 0 ? 0 : 4, Math.floor((offset + secret.length) / 3) * 4);
  });
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), ...encoded])];
}

/** Says which of the secrets stand where; empty when none does anywhere. */
export function findSecrets(places: Iterable<Place>, secrets: Readonly<Record<string, string>>): string[] {
  const forms = Object.entries(secrets).map(([name, secret]) => ({ name, forms: formsOf(secret) }));
  const found: string[] = [];
  for (const place of places) {
    for (const secret of forms) if (secret.forms.some((form) => place.text.includes(form))) found.push(`${secret.name} in ${place.name}`);
  }
  return found;
}
