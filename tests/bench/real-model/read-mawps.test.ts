import { describe, expect, it } from "vitest";
import { parseCsv } from "#bench/real-model/parse-csv.ts";
import { readMawps } from "#bench/real-model/read-mawps.ts";

const header = "Question,Numbers,Equation,Answer,group_nums";

describe("parseCsv", () => {
  it("reads quoted fields with commas, quotes and line breaks", () => {
    expect(parseCsv('a,b\n"1, 2","say ""hi""\nthere"\r\n,3\n')).toEqual([
      { a: "1, 2", b: 'say "hi"\nthere' },
      { a: "", b: "3" },
    ]);
  });
});

describe("readMawps", () => {
  it("fills in numbers and writes the calculation as people do", () => {
    const row =
      'Tom has number0 boxes of number1 and eats number2 . How many ?,25.0 1500.5 8.0,- * number0 number1 number2,37504.5,"[1, 2]"';
    expect(readMawps(`${header}\n${row}\n`)).toEqual([
      { question: "Tom has 25 boxes of 1500.5 and eats 8 . How many ?", calculation: "(25 * 1500.5) - 8", answer: "37504.5", steps: 2 },
    ]);
  });

  it.each([
    ["an equation that gives another number", "+ number0 number1,7.0"],
    ["a result that has to be rounded", "/ number0 number1,0.3333333"],
  ])("leaves out %s", (_, columns) => {
    expect(readMawps(`${header}\nHow many ?,1.0 3.0,${columns},""\n`)).toEqual([]);
  });
});
