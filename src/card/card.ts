/** A button under a card. */
export interface CardButton {
  action: "approve" | "edit" | "reject" | "details" | "start" | "change" | "cancel" | "confirm";
  label: string;
  style: "primary" | "secondary" | "danger";
}

/** A question to people, the same on every platform: renderers escape its texts and draw its graph. */
export interface Card {
  kind: "plan" | "approval" | "change" | "steer";
  /** Full id of the approval or proposal that is asked about. */
  subject: string;
  title: string;
  /** One to three plain sentences. */
  text: string;
  fields: { name: string; value: string }[];
  /** Graphviz DOT of the action's lineage; null where there is nothing to draw. */
  graph: string | null;
  footer: string | null;
  /** ISO time; null once it is decided. */
  expiresAt: string | null;
  state: "open" | "decided" | "expired" | "cancelled";
  /** Who decided what and when, once somebody did. */
  outcome: string | null;
  /** None once it is decided. */
  buttons: CardButton[];
}
