import { ComponentType } from "discord-api-types/v10";
import type { FakeButton, FakeMessage, FakeSelect } from "../driver.ts";
import { colours } from "./colours.ts";
import { row, type Element } from "./element.ts";

const buttonColours: Record<FakeButton["style"], string> = {
  primary: colours.blurple,
  secondary: colours.line,
  success: colours.green,
  danger: colours.red,
  link: colours.line,
};

function drawButton({ label, style, isDisabled }: FakeButton): Element {
  return row(
    {
      backgroundColor: buttonColours[style],
      color: "#ffffff",
      borderRadius: 8,
      padding: "8px 16px",
      marginRight: 8,
      fontSize: 14,
      fontWeight: 700,
      opacity: isDisabled ? 0.5 : 1,
    },
    style === "link" ? `${label} ↗` : label,
  );
}

function drawSelect({ placeholder, isDisabled }: FakeSelect): Element {
  return row(
    {
      backgroundColor: colours.code,
      color: colours.muted,
      borderRadius: 6,
      padding: "10px 12px",
      width: 400,
      fontSize: 15,
      justifyContent: "space-between",
      opacity: isDisabled ? 0.5 : 1,
    },
    row({}, placeholder ?? "Make a selection"),
    row({}, "▾"),
  );
}

/** Rows of buttons and menus under a message. */
export function drawComponents(message: FakeMessage): Element[] {
  const buttons = [...message.buttons];
  const selects = [...message.selects];
  return message.components.flatMap((each) => {
    if (each.type !== ComponentType.ActionRow) return [];
    const drawn = each.components.flatMap((component) => {
      const button = component.type === ComponentType.Button ? buttons.shift() : undefined;
      const select = component.type === ComponentType.StringSelect ? selects.shift() : undefined;
      return [...(button === undefined ? [] : [drawButton(button)]), ...(select === undefined ? [] : [drawSelect(select)])];
    });
    return [row({ marginTop: 8 }, ...drawn)];
  });
}
