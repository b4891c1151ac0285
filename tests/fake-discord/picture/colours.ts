/** Discord's dark look. */
export const colours = {
  background: "#313338",
  embed: "#2b2d31",
  code: "#1e1f22",
  text: "#dbdee1",
  strong: "#f2f3f5",
  muted: "#949ba4",
  link: "#00a8fc",
  mention: "#c9cdfb",
  mentionBackground: "#3c4270",
  line: "#4e5058",
  blurple: "#5865f2",
  green: "#248046",
  red: "#da373c",
} as const;

/** Colours of people's pictures, drawn by name. */
export const avatarColours = ["#5865f2", "#3ba55c", "#faa61a", "#ed4245", "#eb459e", "#757e8a"] as const;
