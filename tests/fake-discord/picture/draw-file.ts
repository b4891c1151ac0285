import type { FakeFile } from "../driver.ts";
import { colours } from "./colours.ts";
import { column, image, row, type Element } from "./element.ts";
import { imageSize } from "./image-size.ts";

/** An attached file: a picture as such, anything else as a card with its name. */
export function drawFile({ name, bytes, contentType }: FakeFile, widest: number): Element {
  const size = imageSize(bytes);
  if (size === null)
    return column(
      {
        backgroundColor: colours.embed,
        border: `1px solid ${colours.line}`,
        borderRadius: 8,
        padding: "10px 14px",
        marginTop: 6,
        alignSelf: "flex-start",
      },
      row({ color: colours.link, fontSize: 15 }, name),
      row({ color: colours.muted, fontSize: 12 }, `${bytes.length.toLocaleString("en-US")} bytes`),
    );
  const scale = Math.min(1, widest / size.width, 420 / size.height);
  const type = contentType.startsWith("image/") ? contentType : "image/png";
  return row(
    { marginTop: 6 },
    image(`data:${type};base64,${bytes.toString("base64")}`, Math.round(size.width * scale), Math.round(size.height * scale)),
  );
}
