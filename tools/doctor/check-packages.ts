import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { broken, type Finding, ok } from "./finding.ts";

const partsSchema = z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string(), remedy: z.string().nullable() }));
const titles: Readonly<Record<string, string>> = { "node-packages": "Node packages", "python-packages": "Python packages" };

/** Compares what is installed with the locks, by the set-up script's own eyes. */
export async function checkPackages(root: string): Promise<Finding[]> {
  const { stdout, stderr } = await execa(process.execPath, [join(root, "scripts", "setup.js"), "--check", "--json"], { reject: false });
  try {
    return partsSchema.parse(JSON.parse(stdout)).map((part) => {
      const title = titles[part.name] ?? part.name;
      return part.ok ? ok(title, part.detail) : broken(title, part.detail, `Install them: ${part.remedy ?? "node scripts/setup.js"}`);
    });
  } catch {
    return [
      broken("packages", `cannot be compared with the locks: ${stderr.trim().split("\n").at(-1) ?? ""}`, "Check out the project again."),
    ];
  }
}
