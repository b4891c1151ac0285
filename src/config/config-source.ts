import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import { ConfigError, type ConfigIssue } from "../errors.ts";

export type ConfigPath = readonly (string | number)[];

/** A YAML text that remembers where everything stands, so that each problem can name its line. */
export class ConfigSource {
  readonly file: string;
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(text: string, file: string) {
    this.file = file;
    this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false });
  }

  /** What is wrong with the text as YAML. */
  syntaxIssues(): ConfigIssue[] {
    return this.document.errors.map((error) => ({
      file: this.file,
      ...this.placeOf(error.pos[0]),
      path: "",
      message: `not valid YAML: ${error.message}`,
    }));
  }

  /**
   * The content as plain values; only meaningful without syntax issues.
   * @throws ConfigError when aliases make it grow without bounds.
   */
  value(): unknown {
    try {
      return this.document.toJS();
    } catch (cause) {
      const message = `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}. Write it without so many aliases (*name)`;
      throw new ConfigError([{ file: this.file, path: "", message }]);
    }
  }

  has(path: ConfigPath): boolean {
    return this.document.hasIn(path);
  }

  /** An issue at the key that `path` names, or at its nearest parent that is there. */
  issue(path: ConfigPath, message: string): ConfigIssue {
    return { file: this.file, ...this.locate(path), path: path.join("."), message };
  }

  private locate(path: ConfigPath): { line?: number; column?: number } {
    for (let length = path.length; length > 0; length--) {
      const offset = this.offsetOf(path.slice(0, length));
      if (offset !== undefined) return this.placeOf(offset);
    }
    return this.placeOf(0);
  }

  /** Where a key stands in its map, or an item in its list. */
  private offsetOf(path: ConfigPath): number | undefined {
    const parent = path.length === 1 ? this.document.contents : this.document.getIn(path.slice(0, -1), true);
    const last = path.at(-1);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(last));
      return isNode(pair?.key) ? pair.key.range?.[0] : undefined;
    }
    const node = this.document.getIn(path, true);
    return isNode(node) ? node.range?.[0] : undefined;
  }

  private placeOf(offset: number): { line: number; column: number } {
    const { line, col } = this.lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }
}
