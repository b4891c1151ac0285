import { describe, expect, it } from "vitest";
import { formatDeviceSeconds, formatDuration } from "#bots/terminal/render/format-duration.ts";
import { formatEstimate, formatUsd } from "#bots/terminal/render/format-estimate.ts";
import { formatMargin } from "#bots/terminal/render/format-margin.ts";
import { fitLine } from "#bots/terminal/render/fit-line.ts";
import { progressBar } from "#bots/terminal/render/progress-bar.ts";
import { renderTable } from "#bots/terminal/render/table.ts";

describe("formats", () => {
  it.each([
    [0, "0 s"],
    [59.6, "1 m 0 s"],
    [110, "1 m 50 s"],
    [7800, "2 h 10 m"],
    [270_000, "3 d 3 h"],
  ])("shows %d seconds as %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

  it.each([
    [3.14, "3.1 s"],
    [97, "97 s"],
    [720, "12 min"],
    [12_240, "3.4 h"],
  ])("shows %d device seconds as %s", (seconds, text) => expect(formatDeviceSeconds(seconds)).toBe(text));

  it.each([
    [0, "$0"],
    [0.004, "$0.004"],
    [3.5, "$3.50"],
    [129.4, "$129"],
  ])("shows %d dollars as %s", (usd, text) => expect(formatUsd(usd)).toBe(text));

  it("shows a mean with half its interval", () => {
    expect(formatMargin({ mean: 0.683, low: 0.664, high: 0.702 })).toBe(".683 ±.019");
  });

  it("says what an estimate rests on, and money only where it costs any", () => {
    const estimate = {
      deviceHoursP50: 2.6,
      deviceHoursP90: 3.4,
      usdP50: 9.1,
      usdP90: 11.9,
      wallSecondsP90: 1,
      basis: "12 finished sft jobs",
    };
    expect(formatEstimate(estimate)).toBe("2.6 h to 3.4 h of device time (p50 to p90), $9.10 to $11.90; from 12 finished sft jobs");
    expect(formatEstimate({ ...estimate, usdP50: 0, usdP90: 0 })).not.toContain("$");
  });

  it.each([
    [0, 30, "|--------------------|"],
    [15, 30, "|##########----------|"],
    [31, 30, "|####################|"],
    [0, 0, "|--------------------|"],
  ])("fills a bar at %d of %d", (done, total, text) => expect(progressBar(done, total)).toBe(text));
});

describe("renderTable", () => {
  it("aligns columns by what the terminal shows, also with wide letters", () => {
    const text = renderTable(
      [{ title: "model" }, { title: "score", align: "right" }],
      [
        ["m1", ".5"],
        ["日本", ".612"],
      ],
    );
    expect(text).toBe("model  score\nm1        .5\n日本    .612\n");
  });
});

describe("fitLine", () => {
  it("cuts what does not fit and says so", () => {
    expect(fitLine("abcdef", 6)).toBe("abcdef");
    expect(fitLine("abcdefg", 6)).toBe("abcde…");
    expect(fitLine("日本語", 5)).toBe("日本…");
  });
});
