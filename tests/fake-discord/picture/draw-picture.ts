import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Resvg } from "@resvg/resvg-js";
import satori, { type FontStyle, type FontWeight } from "satori";
import type { FakeMessage, FakeModal } from "../driver.ts";
import type { World } from "../world/world.ts";
import { colours } from "./colours.ts";
import { drawMessage } from "./draw-message.ts";
import { drawModal } from "./draw-modal.ts";
import { column } from "./element.ts";
import { drawEmoji } from "./emoji.ts";
import type { Names } from "./parse-markdown.ts";
import { tellTime } from "./tell-time.ts";

const require = createRequire(import.meta.url);
const messageWidth = 680;
const modalWidth = 480;

const fontFiles: { file: string; name: string; weight: FontWeight; style: FontStyle }[] = [
  { file: "DejaVuSans.ttf", name: "DejaVu Sans", weight: 400, style: "normal" },
  { file: "DejaVuSans-Bold.ttf", name: "DejaVu Sans", weight: 700, style: "normal" },
  { file: "DejaVuSans-Oblique.ttf", name: "DejaVu Sans", weight: 400, style: "italic" },
  { file: "DejaVuSans-BoldOblique.ttf", name: "DejaVu Sans", weight: 700, style: "italic" },
  { file: "DejaVuSansMono.ttf", name: "DejaVu Sans Mono", weight: 400, style: "normal" },
];

async function loadFonts() {
  return Promise.all(
    fontFiles.map(async ({ file, ...font }) => ({ ...font, data: await readFile(require.resolve(`dejavu-fonts-ttf/ttf/${file}`)) })),
  );
}

let fonts: ReturnType<typeof loadFonts> | undefined;

function namesIn(world: World): Names {
  const roles = [...world.guilds.values()].flatMap((guild) => guild.roles);
  return {
    user: (id) => world.users.get(id)?.name ?? "unknown-user",
    role: (id) => roles.find((role) => role.id === id)?.name ?? "deleted-role",
    channel: (id) => world.channels.get(id)?.name ?? "deleted-channel",
    time: (seconds, style) => tellTime(seconds, style, world.now()),
  };
}

/** Draws messages, or a modal, as people see them in Discord's dark look: satori lays out, resvg makes the PNG, at twice the size. */
export async function drawPicture(world: World, what: FakeMessage | FakeMessage[] | FakeModal): Promise<Buffer> {
  const isModal = "fields" in what;
  const messages = isModal ? [] : Array.isArray(what) ? what : [what];
  const names = namesIn(world);
  const page = column(
    { backgroundColor: colours.background, color: colours.text, fontFamily: "DejaVu Sans", width: "100%", padding: "6px 0" },
    ...(isModal ? [drawModal(what)] : messages.map((message) => drawMessage(world, message, names))),
  );
  fonts ??= loadFonts();
  const svg = await satori(page, {
    width: isModal ? modalWidth : messageWidth,
    fonts: await fonts,
    loadAdditionalAsset: (code, segment) => Promise.resolve(code === "emoji" ? drawEmoji(segment) : []),
  });
  // Text is already drawn as paths, so no font is needed here.
  return new Resvg(svg, { background: colours.background, fitTo: { mode: "zoom", value: 2 }, font: { loadSystemFonts: false } })
    .render()
    .asPng();
}
