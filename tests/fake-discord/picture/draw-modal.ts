import type { FakeModal } from "../driver.ts";
import { colours } from "./colours.ts";
import { column, row, type Element } from "./element.ts";

function drawField({ label, value, isRequired, style }: FakeModal["fields"][number]): Element {
  return column(
    { marginTop: 14 },
    row(
      { fontSize: 14, fontWeight: 700, color: colours.strong, marginBottom: 6 },
      label,
      isRequired ? row({ color: colours.red, marginLeft: 4 }, "*") : row({}),
    ),
    row(
      {
        backgroundColor: colours.code,
        border: `1px solid ${colours.line}`,
        borderRadius: 8,
        padding: 10,
        fontSize: 15,
        color: colours.text,
        minHeight: style === "short" ? 20 : 76,
        whiteSpace: "pre-wrap",
      },
      value === "" ? " " : value,
    ),
  );
}

function drawButton(label: string, color: string): Element {
  return row(
    { backgroundColor: color, color: "#ffffff", borderRadius: 8, padding: "9px 22px", fontSize: 14, fontWeight: 700, marginLeft: 8 },
    label,
  );
}

/** A modal: title, fields with what stands in them, Cancel and Submit. */
export function drawModal(modal: FakeModal): Element {
  return column(
    { padding: 24, backgroundColor: colours.background },
    row({ fontSize: 20, fontWeight: 700, color: colours.strong }, modal.title),
    ...modal.fields.map((field) => drawField(field)),
    row({ marginTop: 20, justifyContent: "flex-end" }, drawButton("Cancel", colours.line), drawButton("Submit", colours.blurple)),
  );
}
