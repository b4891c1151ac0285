/** Colours of charts and graphs: readable in print and by people who do not tell red from green. */
export const palette = {
  ink: "#1f2933",
  muted: "#7b8794",
  faint: "#e4e7eb",
  best: "#0b6e99",
  chosen: "#7cb5cf",
  base: "#7b8794",
  baseline: "#d97706",
  gain: "#0b6e99",
  loss: "#b45309",
} as const;
