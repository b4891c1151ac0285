/** One thing that the doctor looked at. `broken` means that Temper cannot do its work; `note` is worth knowing. */
export interface Finding {
  name: string;
  status: "ok" | "note" | "broken";
  detail: string;
  /** What to do; null when there is nothing to do. */
  remedy: string | null;
}

export const ok = (name: string, detail: string): Finding => ({ name, status: "ok", detail, remedy: null });
export const note = (name: string, detail: string, remedy: string | null = null): Finding => ({ name, status: "note", detail, remedy });
export const broken = (name: string, detail: string, remedy: string): Finding => ({ name, status: "broken", detail, remedy });
